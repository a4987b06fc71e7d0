using System.Diagnostics;
using System.Text.RegularExpressions;

namespace RiskDurable.Azurite;

/// <summary>Azurite's Blob service with several accounts, in memory, on a free port; one a test process, and gone with it.</summary>
public sealed partial class AzuriteServer
{
    private const string Key = "cmlza2R1cmFibGUtdGVzdHMtbmVlZC1hLWtleS1vZi02NC1ieXRlcy10aGF0LWlzLW5vLXNlY3JldA==";
    private static readonly string[] Accounts = ["devstoreaccount1", "second", "third"];
    private static readonly TimeSpan SlowestStart = TimeSpan.FromMinutes(2);
    private static readonly Lazy<Task<AzuriteServer>> One = new(StartAsync);

    // Held, as the end of its standard input ends the server.
    private readonly Process _process;
    private readonly Uri _address;

    private AzuriteServer(Process process, Uri address) => (_process, _address) = (process, address);

    /// <summary>The server of this process.</summary>
    public static Task<AzuriteServer> SharedAsync() => One.Value;

    /// <summary>Number of its process.</summary>
    public int ProcessId => _process.Id;

    /// <summary>Connection string of an account.</summary>
    /// <param name="account">0 to 2.</param>
    public string Connection(int account = 0) =>
        $"DefaultEndpointsProtocol=http;AccountName={Accounts[account]};AccountKey={Key};BlobEndpoint={new Uri(_address, Accounts[account])};";

    private static async Task<AzuriteServer> StartAsync()
    {
        string folder = Path.Combine(FindRoot(), "tests", "azurite");
        if (!Directory.Exists(Path.Combine(folder, "node_modules")))
        {
            throw new DirectoryNotFoundException($"Azurite is not installed: run 'eng/test.sh', or 'npm ci' in '{folder}'.");
        }

        var start = new ProcessStartInfo("node", ["serve.cjs", "--blobPort", "0", "--inMemoryPersistence", "--skipApiVersionCheck", "--disableTelemetry", "--silent"])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment["AZURITE_ACCOUNTS"] = string.Join(';', Accounts.Select(account => $"{account}:{Key}"));
        Process process = Process.Start(start) ?? throw new InvalidOperationException("'node' did not start.");
        using var patience = new CancellationTokenSource(SlowestStart);
        var said = new List<string>();
        while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            said.Add(line);
            if (Listening().Match(line) is { Success: true } found)
            {
                // Read on, or the server stops when the pipe is full.
                _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
                return new AzuriteServer(process, new Uri(found.Value));
            }
        }

        throw new InvalidOperationException($"Azurite did not start: {string.Join('\n', said)}");
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "RiskDurable.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No folder above '{AppContext.BaseDirectory}' holds RiskDurable.sln.");
    }

    [GeneratedRegex(@"(?<=successfully listens on )http://\S+")]
    private static partial Regex Listening();
}
