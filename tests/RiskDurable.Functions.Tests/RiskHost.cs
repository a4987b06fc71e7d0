using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using RiskDurable.Embedded.DurableTask.Client;
using RiskDurable.Embedded.Hosting;
using RiskDurable.Embedded.Worker.Builder;
using RiskDurable.Functions.Hosting;
using RiskDurable.Portfolio.Samples;

namespace RiskDurable.Functions.Tests;

/// <summary>The application on a free port, with a data folder of its own and portfolios beside it.</summary>
public sealed class RiskHost : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(100);

    private readonly TemporaryFolder _folder = new();

    private RiskHost()
    {
    }

    public EmbeddedHost Host { get; private set; } = null!;

    public HttpClient Http { get; private set; } = null!;

    public DurableTaskClient Client => Host.Client;

    public IServiceProvider Services => Host.Services;

    /// <summary>The folder that requests may name portfolios below.</summary>
    public string Portfolios => _folder.File("portfolios");

    public string Data => _folder.File("data");

    public static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<RiskHost> StartAsync(
        Dictionary<string, string?>? settings = null, string? key = null, Action<FunctionsApplicationBuilder>? configure = null, TimeProvider? time = null)
    {
        var host = new RiskHost();
        Directory.CreateDirectory(host.Portfolios);
        await host.RestartAsync(settings, key, configure, time);
        return host;
    }

    /// <summary>Stops the host if it runs, and starts it over the same data.</summary>
    public async Task RestartAsync(
        Dictionary<string, string?>? settings = null, string? key = null, Action<FunctionsApplicationBuilder>? configure = null, TimeProvider? time = null)
    {
        if (Host is not null)
        {
            await Host.DisposeAsync();
        }

        Host = await EmbeddedHost.StartAsync(
            new EmbeddedHostOptions
            {
                ContentRoot = AppContext.BaseDirectory,
                StateFolder = Path.Combine(Data, "state"),
                Port = 0,
                ApiKey = key,
                FunctionAssemblies = [typeof(RiskApplication).Assembly],
                Settings = new Dictionary<string, string?>(settings ?? []) { ["Risk:DataFolder"] = Data, ["Risk:PortfolioRoots"] = Portfolios },
                Time = time ?? TimeProvider.System,
            },
            builder =>
            {
                builder.Logging.ClearProviders();
                builder.ConfigureFunctionsWebApplication();
                builder.AddRiskDurable();
                configure?.Invoke(builder);
            },
            Stop);
        Http?.Dispose();
        Http = new HttpClient { BaseAddress = Host.BaseAddress, Timeout = Patience };
    }

    /// <summary>Writes a sample portfolio below the portfolios' folder; its id is <c>sample-DEALS-SEED</c>.</summary>
    public string WriteSample(string folder, int deals = 8, int trials = 1000, long seed = 1)
    {
        string path = Path.Combine(Portfolios, folder);
        SamplePortfolio.Write(path, new SampleOptions { Deals = deals, Trials = trials, EventsPerTrial = 5, Seed = seed, Format = SampleFormat.Csv }, null, Stop);
        return path;
    }

    public Task<HttpResponseMessage> GetAsync(string path) => Http.GetAsync(new Uri(path, UriKind.RelativeOrAbsolute), Stop);

    public Task<HttpResponseMessage> PostAsync(string path, object body, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, path, JsonContent.Create(body), headers);

    public Task<HttpResponseMessage> PostTextAsync(string path, string body) => SendAsync(HttpMethod.Post, path, new StringContent(body));

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.RelativeOrAbsolute)) { Content = content };
        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Http.SendAsync(request, Stop);
    }

    public static async Task<JsonNode> ReadAsync(HttpResponseMessage response) => JsonNode.Parse(await response.Content.ReadAsStringAsync(Stop))!;

    public async Task<JsonNode> GetJsonAsync(string path)
    {
        using HttpResponseMessage response = await GetAsync(path);
        string text = await response.Content.ReadAsStringAsync(Stop);
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode}: {text}");
        return JsonNode.Parse(text)!;
    }

    /// <summary>Starts a rollup and waits for its end; returns its id.</summary>
    public async Task<string> RollupAsync(object body)
    {
        using HttpResponseMessage response = await PostAsync("api/rollups", body);
        string text = await response.Content.ReadAsStringAsync(Stop);
        Assert.True((int)response.StatusCode == 202, text);
        string id = JsonNode.Parse(text)!["id"]!.GetValue<string>();
        await EndAsync(id);
        return id;
    }

    public Task<OrchestrationMetadata> EndAsync(string instanceId) =>
        Client.WaitForInstanceCompletionAsync(instanceId, getInputsAndOutputs: true, Stop).WaitAsync(Patience, Stop);

    /// <summary>Waits until a condition holds.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        long started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Patience, $"Waited in vain until {what}.");
            await Task.Delay(10, Stop);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Host.DisposeAsync();
        _folder.Dispose();
    }
}
