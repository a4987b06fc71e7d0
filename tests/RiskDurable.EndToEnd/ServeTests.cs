using System.Diagnostics;
using System.Text.RegularExpressions;

namespace RiskDurable.EndToEnd;

/// <summary><c>risk serve</c> as users start it, and the script that walks through its endpoints.</summary>
public sealed partial class ServeTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null)]
    [InlineData("a secret, & more")]
    public async Task The_smoke_script_passes_and_an_interrupt_ends_the_server_with_exit_code_0(string? key)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The script is for bash, and signals are sent with kill.");
        using var folder = new TemporaryFolder();
        string[] keyArguments = key is null ? [] : ["--key", key];
        using Process server = Start(
            "dotnet",
            [RiskDll, "serve", "--port", "0", "--data", folder["data"], .. keyArguments],
            folder.Path);
        try
        {
            string? line = await server.StandardOutput.ReadLineAsync(Stop).AsTask().WaitAsync(Patience, Stop);
            Assert.Matches(Address(), line ?? "nothing");
            string address = Address().Match(line!).Value;

            // From a folder that has nothing to do with the server's: whatever it needs it uploads.
            Directory.CreateDirectory(folder["elsewhere"]);
            using Process smoke = Start("bash", [Script, address, .. key is null ? Array.Empty<string>() : [key]], folder["elsewhere"]);
            Task<string> output = smoke.StandardOutput.ReadToEndAsync(Stop);
            Task<string> error = smoke.StandardError.ReadToEndAsync(Stop);
            await smoke.WaitForExitAsync(Stop).WaitAsync(Patience, Stop);
            Assert.True(smoke.ExitCode == 0, $"{await output}{await error}");
            Assert.Matches(@"\d+ checks passed\n$", await output);
            Assert.Empty(Directory.EnumerateFileSystemEntries(folder["elsewhere"]));

            using Process kill = Process.Start("kill", ["-INT", $"{server.Id}"]);
            await kill.WaitForExitAsync(Stop);
            await server.WaitForExitAsync(Stop).WaitAsync(Patience, Stop);
            Assert.Equal((0, ""), (server.ExitCode, await server.StandardError.ReadToEndAsync(Stop)));
        }
        finally
        {
            if (!server.HasExited)
            {
                server.Kill(entireProcessTree: true);
                await server.WaitForExitAsync(CancellationToken.None);
            }
        }
    }

    private static string RiskDll => Path.Combine(AppContext.BaseDirectory, "risk.dll");

    private static string Script
    {
        get
        {
            string? folder = AppContext.BaseDirectory;
            while (folder is not null && !File.Exists(Path.Combine(folder, "eng", "smoke.sh")))
            {
                folder = Path.GetDirectoryName(folder);
            }

            return Path.Combine(folder ?? throw new DirectoryNotFoundException("No folder above the tests holds eng/smoke.sh."), "eng", "smoke.sh");
        }
    }

    private static Process Start(string file, string[] arguments, string workingFolder)
    {
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = workingFolder };
        start.Environment["RISK"] = $"dotnet {RiskDll}";
        return Process.Start(start) ?? throw new InvalidOperationException($"'{file}' did not start.");
    }

    [GeneratedRegex(@"http://[0-9.]+:[0-9]+")]
    private static partial Regex Address();
}
