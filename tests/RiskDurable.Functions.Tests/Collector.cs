using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace RiskDurable.Functions.Tests;

/// <summary>Takes OTLP over HTTP on a free port, and keeps what comes as text: names are found in it as they are.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly ConcurrentDictionary<string, ConcurrentQueue<string>> _received = new();

    private Collector()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        _server = builder.Build();
        _server.Urls.Add("http://127.0.0.1:0");
        _server.MapPost("/v1/{signal}", async (string signal, HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted);
            _received.GetOrAdd(signal, _ => []).Enqueue(Encoding.Latin1.GetString(body.ToArray()));
            return Results.Ok();
        });
    }

    public string Address => _server.Urls.Single();

    /// <summary>What came of a signal: <c>traces</c>, <c>metrics</c> or <c>logs</c>.</summary>
    public string Of(string signal) => _received.TryGetValue(signal, out ConcurrentQueue<string>? bodies) ? string.Concat(bodies) : "";

    public static async Task<Collector> StartAsync()
    {
        var collector = new Collector();
        await collector._server.StartAsync(RiskHost.Stop);
        return collector;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
