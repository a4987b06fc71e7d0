using System.Text.Json.Nodes;

namespace RiskDurable.Architecture.Tests;

public sealed class HostFilesTests
{
    [Fact]
    public void The_host_files_of_both_backends_differ_in_the_backend_only()
    {
        JsonNode storage = Read("host.json");
        JsonNode scheduler = Read("host.dts.json");
        Assert.Equal("azureStorage", Take(storage)["type"]!.GetValue<string>());
        Assert.Equal("azureManaged", Take(scheduler)["type"]!.GetValue<string>());
        Assert.True(JsonNode.DeepEquals(storage, scheduler), "host.json and host.dts.json differ in more than 'storageProvider' and 'hubName'.");
    }

    [Fact]
    public void Routes_say_api_themselves() => Assert.Equal("", Read("host.json")["extensions"]!["http"]!["routePrefix"]!.GetValue<string>());

    [Fact]
    public void A_queue_is_looked_into_every_second_at_least() => Assert.True(
        TimeSpan.Parse(Take(Read("host.json"))["maxQueuePollingInterval"]!.GetValue<string>(), null) <= TimeSpan.FromSeconds(1));

    [Fact]
    public void The_sample_of_local_settings_names_every_setting_of_the_application()
    {
        string options = File.ReadAllText(Path.Combine(Repository.Root, "src/RiskDurable.Functions/Hosting/RiskOptions.cs"));
        string[] names = [.. System.Text.RegularExpressions.Regex.Matches(options, @"public \S+ (\w+) \{ get; set; \}").Select(match => "Risk__" + match.Groups[1].Value)];
        Assert.NotEmpty(names);
        var sample = Read("local.settings.sample.json")["Values"]!.AsObject();
        Assert.Empty(names.Except(sample.Select(value => value.Key)));
        Assert.Equal("dotnet-isolated", sample["FUNCTIONS_WORKER_RUNTIME"]!.GetValue<string>());
        Assert.True(sample.ContainsKey("RollupSchedule"), "A trigger's %NAME% must be a setting of the host, or the function is not there.");
    }

    private static JsonNode Read(string file) => JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, file)))!;

    private static JsonNode Take(JsonNode host)
    {
        JsonObject durable = host["extensions"]!["durableTask"]!.AsObject();
        JsonNode provider = durable["storageProvider"]!;
        durable.Remove("storageProvider");
        durable.Remove("hubName"); // in Azure Storage each app has an account of its own, on the scheduler a hub of its own
        return provider;
    }
}
