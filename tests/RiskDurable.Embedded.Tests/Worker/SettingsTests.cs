using Microsoft.Extensions.Configuration;
using RiskDurable.Embedded.Settings;

namespace RiskDurable.Embedded.Tests.Worker;

public sealed class SettingsTests
{
    private static readonly IConfiguration Nothing = new ConfigurationBuilder().Build();

    [Fact]
    public void Without_files_the_real_defaults_hold()
    {
        using var folder = new DisposableFolder();
        HostJson host = HostJson.Read(folder.Path, Nothing);
        Assert.Equal("api", host.RoutePrefix);
        Assert.Null(host.HubName);
        Assert.Null(host.FunctionTimeout);
        Assert.Equal((16, 5, TimeSpan.Zero), (host.Queues.BatchSize, host.Queues.MaxDequeueCount, host.Queues.VisibilityTimeout));
        Assert.Equal(8 * Environment.ProcessorCount, host.Queues.NewBatchThreshold);
        Assert.Empty(LocalSettings.Read(folder.Path).Values);
    }

    [Fact]
    public void Host_json_is_read_whole()
    {
        using DisposableFolder folder = new DisposableFolder().With("host.json", """
            { // comments and trailing commas are allowed
              "version": "2.0", "functionTimeout": "00:05:00",
              "logging": { "logLevel": { "default": "Warning", "Function.Tick": "debug" } },
              "extensions": {
                "http": { "routePrefix": "" },
                "blobs": { "anything": 1 },
                "queues": { "batchSize": 4, "newBatchThreshold": 0, "maxDequeueCount": 2, "visibilityTimeout": "00:00:30" },
                "durableTask": { "hubName": "risk", "maxConcurrentActivityFunctions": 3, "storageProvider": { "type": "AzureStorage" } },
              },
            }
            """);
        HostJson host = HostJson.Read(folder.Path, Nothing);
        Assert.Equal(("", "risk", 3), (host.RoutePrefix, host.HubName, host.MaxConcurrentActivities));
        Assert.Equal(TimeSpan.FromMinutes(5), host.FunctionTimeout);
        Assert.Equal((4, 0, 2, TimeSpan.FromSeconds(30)),
            (host.Queues.BatchSize, host.Queues.NewBatchThreshold, host.Queues.MaxDequeueCount, host.Queues.VisibilityTimeout));
        Assert.Equal("debug", host.LogLevels["Function.Tick"]);
    }

    [Fact]
    public void Application_settings_override_host_json()
    {
        using DisposableFolder folder = new DisposableFolder().With("host.json", """{ "extensions": { "http": { "routePrefix": "v1" } } }""");
        IConfiguration settings = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["AzureFunctionsJobHost:extensions:http:ROUTEPREFIX"] = "v2",
            ["AzureFunctionsJobHost:extensions:durableTask:maxConcurrentActivityFunctions"] = "7",
        }).Build();
        HostJson host = HostJson.Read(folder.Path, settings);
        Assert.Equal(("v2", 7), (host.RoutePrefix, host.MaxConcurrentActivities));
    }

    [Theory]
    [InlineData("""{ "extensions": { "http": { "routePrfix": "x" } } }""", "$.extensions.http.routePrfix", "unknown setting. Known here: customHeaders")]
    [InlineData("""{ "extensions": { "queues": { "batchSize": 33 } } }""", "$.extensions.queues.batchSize", "from 1 to 32, found 33")]
    [InlineData("""{ "extensions": { "queues": { "batchSize": "many" } } }""", "$.extensions.queues.batchSize", "found \"many\"")]
    [InlineData("""{ "extensions": { "queues": { "visibilityTimeout": 5 } } }""", "$.extensions.queues.visibilityTimeout", "a duration such as")]
    [InlineData("""{ "extensions": { "queues": { "visibilityTimeout": "8.00:00:00" } } }""", "$.extensions.queues.visibilityTimeout", "between")]
    [InlineData("""{ "extensions": { "queues": { "messageEncoding": "utf7" } } }""", "$.extensions.queues.messageEncoding", "\"base64\" or \"none\"")]
    [InlineData("""{ "extensions": { "durableTask": { "hubName": 5 } } }""", "$.extensions.durableTask.hubName", "expected a string")]
    [InlineData("""{ "extensions": { "durableTask": { "maxConcurrentActivityFunctions": 0 } } }""", "$.extensions.durableTask.maxConcurrentActivityFunctions", "from 1")]
    [InlineData("""{ "extensions": [] }""", "$.extensions", "expected an object")]
    [InlineData("""{ "version": "1.0" }""", "$.version", "uses \"2.0\"")]
    [InlineData("""{ "durableTask": { "hubName": "x" } }""", "$.durableTask", "move it to $.extensions.durableTask")]
    [InlineData("""{ "functionTimeout": "00:00:00" }""", "$.functionTimeout", "longer than zero")]
    [InlineData("""{ "functions": "A" }""", "$.functions", "array of strings")]
    [InlineData("""{ "logging": { "logLevel": { "default": "Loud" } } }""", "$.logging.logLevel.default", "no log level")]
    [InlineData("""{ "watchfile": [] }""", "$.watchfile", "unknown setting")]
    [InlineData("""{ "version": """, "$", "not valid JSON (line 1")]
    [InlineData("[]", "$", "expected a JSON object")]
    [InlineData("""{ "functions": [], "functions": [] }""", "$", "functions")]
    public void A_wrong_host_json_names_file_path_and_remedy(string json, string path, string problem)
    {
        using DisposableFolder folder = new DisposableFolder().With("host.json", json);
        SettingsFileException thrown = Assert.Throws<SettingsFileException>(() => HostJson.Read(folder.Path, Nothing));
        Assert.Equal((Path.Combine(folder.Path, "host.json"), path), (thrown.File, thrown.Path));
        Assert.StartsWith($"{thrown.File}: {path}: ", thrown.Message, StringComparison.Ordinal);
        Assert.Contains(problem, thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Local_settings_become_configuration()
    {
        using DisposableFolder folder = new DisposableFolder().With("local.settings.json", """
            {
              "IsEncrypted": false,
              "Values": { "Plain": "1", "Section__Key": "2", "Flag": true, "Number": 3 },
              "Host": { "LocalHttpPort": 7099, "CORS": "http://a.example, http://b.example", "CORSCredentials": true },
              "ConnectionStrings": { "Short": "x", "Long": { "ConnectionString": "y", "ProviderName": "z" } }
            }
            """);
        LocalSettings settings = LocalSettings.Read(folder.Path);
        Dictionary<string, string?> configuration = settings.ToConfiguration();
        Assert.Equal(("1", "2", "true", "3"), (configuration["Plain"], configuration["Section:Key"], configuration["Flag"], configuration["Number"]));
        Assert.Equal(("x", "y"), (configuration["ConnectionStrings:Short"], configuration["ConnectionStrings:Long"]));
        Assert.Equal(7099, settings.HttpPort);
        Assert.Equal(["http://a.example", "http://b.example"], settings.CorsOrigins);
        Assert.True(settings.CorsCredentials);
    }

    [Theory]
    [InlineData("""{ "IsEncrypted": true }""", "$.IsEncrypted", "func settings decrypt")]
    [InlineData("""{ "Values": { "A": { "B": "1" } } }""", "$.Values.A", "A__B")]
    [InlineData("""{ "Host": { "LocalHttpPort": 70000 } }""", "$.Host.LocalHttpPort", "65535")]
    [InlineData("""{ "Host": { "Port": 1 } }""", "$.Host.Port", "LocalHttpPort")]
    [InlineData("""{ "Host": { "CORS": "*", "CORSCredentials": true } }""", "$.Host.CORSCredentials", "name the origins")]
    [InlineData("""{ "values": {}, "Hosts": {} }""", "$.Hosts", "Known here: ConnectionStrings, Host")]
    public void Wrong_local_settings_name_file_path_and_remedy(string json, string path, string problem)
    {
        using DisposableFolder folder = new DisposableFolder().With("local.settings.json", json);
        SettingsFileException thrown = Assert.Throws<SettingsFileException>(() => LocalSettings.Read(folder.Path));
        Assert.Equal(path, thrown.Path);
        Assert.Contains(problem, thrown.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plain", "plain", null)]
    [InlineData("%A%", "1", null)]
    [InlineData("x-%A%-%S__B%-y", "x-1-2-y", null)]
    [InlineData("%Missing%", null, "Missing")]
    [InlineData("50%", null, "50%")]
    public void References_to_settings_are_resolved(string text, string? expected, string? expectedMissing)
    {
        IConfiguration settings = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["A"] = "1", ["S:B"] = "2" }).Build();
        bool isResolved = SettingReference.TryResolve(text, settings, out string? resolved, out string? missing);
        Assert.Equal((expected is not null, expected, expectedMissing), (isResolved, resolved, missing));
    }
}
