using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RiskDurable.Embedded.Hosting;
using RiskDurable.Embedded.SampleApp;
using RiskDurable.Embedded.Worker.Builder;

namespace RiskDurable.Embedded.Tests.Worker;

/// <summary>The sample application, running on a free port with a state folder of its own.</summary>
public sealed class SampleHost : IAsyncLifetime
{
    private readonly DisposableFolder _state = new();

    public EmbeddedHost Host { get; private set; } = null!;

    public HttpClient Http { get; private set; } = null!;

    public Ledger Ledger => Host.Services.GetRequiredService<Ledger>();

    public IQueueSender Queues => Host.Services.GetRequiredService<IQueueSender>();

    public async ValueTask InitializeAsync()
    {
        Host = await EmbeddedHost.StartAsync(
            new EmbeddedHostOptions
            {
                ContentRoot = AppContext.BaseDirectory,
                StateFolder = _state.Path,
                Port = 0,
                FunctionAssemblies = [typeof(Ledger).Assembly],
            },
            Compose);
        Http = new HttpClient { BaseAddress = Host.BaseAddress };
    }

    public static void Compose(FunctionsApplicationBuilder builder)
    {
        builder.Logging.ClearProviders();
        builder.ConfigureFunctionsWebApplication();
        builder.ConfigureSample();
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Host.DisposeAsync();
        _state.Dispose();
    }

    internal static CancellationToken Patience => TestContext.Current.CancellationToken;

    internal Task<HttpResponseMessage> PostAsync(string path, object? body = null) =>
        Http.PostAsync(path, body is null ? null : JsonContent.Create(body), Patience);

    internal Task<HttpResponseMessage> GetAsync(string path) => Http.GetAsync(path, Patience);

    internal static async Task<JsonNode> ReadAsync(HttpResponseMessage response) =>
        JsonNode.Parse(await response.Content.ReadAsStringAsync(Patience)) ?? throw new JsonException("null");
}
