using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;

[assembly: AssemblyFixture(typeof(RiskDurable.Infrastructure.Tests.Deployments))]

namespace RiskDurable.Infrastructure.Tests;

/// <summary>What the parameter files would deploy: each template is expanded once by the Bicep CLI, which needs no subscription for it.</summary>
public sealed partial class Deployments : IAsyncLifetime
{
    /// <summary>Name of the parameter file, or of a variant of one, to what it deploys.</summary>
    public IReadOnlyDictionary<string, Deployment> All { get; private set; } = new Dictionary<string, Deployment>();

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        DirectoryInfo work = Directory.CreateTempSubdirectory("riskdurable-bicep-");
        try
        {
            foreach (string file in Directory.EnumerateFiles(Repository.Path("infra-bicep"), "*", SearchOption.AllDirectories))
            {
                string copy = Path.Combine(work.FullName, Path.GetRelativePath(Repository.Path("infra-bicep"), file));
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(file, copy);
            }

            string production = await File.ReadAllTextAsync(Path.Combine(work.FullName, "production.bicepparam"));
            string premium = PlanLine().Replace(HubLine().Replace(production, "param hub = 'azureStorage'"), "param plan = 'premium'");
            await File.WriteAllTextAsync(Path.Combine(work.FullName, "premium.bicepparam"), premium);
            Deployment[] all = await Task.WhenAll(new[] { "small", "production", "premium" }.Select(name => ExpandAsync(work.FullName, name)));
            All = all.ToDictionary(deployment => deployment.Name, StringComparer.Ordinal);
        }
        finally
        {
            work.Delete(recursive: true);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        foreach (Deployment deployment in All.Values)
        {
            deployment.Dispose();
        }

        return ValueTask.CompletedTask;
    }

    private static async Task<Deployment> ExpandAsync(string folder, string name)
    {
        string cli = typeof(Deployments).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == "BicepCli").Value!;
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(cli, File.GetUnixFileMode(cli) | UnixFileMode.UserExecute);
        }

        string[] arguments =
        [
            "snapshot", $"{name}.bicepparam", "--mode", "overwrite", "--subscription-id", "00000000-0000-0000-0000-000000000001",
            "--resource-group", "group", "--location", "westeurope", "--tenant-id", "00000000-0000-0000-0000-000000000002",
        ];
        var environment = new Dictionary<string, string> { ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1" };
        ProcessRun run = await ProcessRun.StartAsync(cli, arguments, folder, environment: environment);
        return run is { ExitCode: 0, Error: "" }
            ? new Deployment(name, await File.ReadAllTextAsync(Path.Combine(folder, $"{name}.snapshot.json")))
            : throw new InvalidOperationException($"{name}.bicepparam cannot be expanded:\n{run.Error}{run.Output}");
    }

    [GeneratedRegex("^param plan = .*$", RegexOptions.Multiline)]
    private static partial Regex PlanLine();

    [GeneratedRegex("^param hub = .*$", RegexOptions.Multiline)]
    private static partial Regex HubLine();
}

/// <summary>What a parameter file deploys.</summary>
/// <param name="name">The parameter file.</param>
/// <param name="json">The resources, as the Bicep CLI predicts them.</param>
public sealed class Deployment(string name, string json) : IDisposable
{
    private readonly JsonDocument _document = JsonDocument.Parse(json);

    /// <summary>The parameter file.</summary>
    public string Name => name;

    /// <summary>All of it as text.</summary>
    public string Text => json;

    /// <summary>The resources of a type.</summary>
    public JsonElement[] Of(string type) =>
        [.. _document.RootElement.GetProperty("predictedResources").EnumerateArray().Where(item => item.GetProperty("type").GetString() == type)];

    /// <summary>App settings of each app.</summary>
    public Dictionary<string, Dictionary<string, string>> Settings =>
        Of("Microsoft.Web/sites/config")
            .Where(item => item.GetProperty("name").GetString()!.EndsWith("/appsettings", StringComparison.Ordinal))
            .ToDictionary(
                item => item.GetProperty("name").GetString()!.Split('/')[0].Split('-')[^1],
                item => item.GetProperty("properties").EnumerateObject().ToDictionary(setting => setting.Name, setting => setting.Value.GetString()!));

    /// <inheritdoc/>
    public void Dispose() => _document.Dispose();
}
