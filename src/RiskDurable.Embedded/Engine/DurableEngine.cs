using Microsoft.Extensions.Logging;
using RiskDurable.Embedded.DurableTask.Client;

namespace RiskDurable.Embedded.Engine;

/// <summary>Runs orchestrations, activities and entities, durable in one file.</summary>
internal sealed class DurableEngine(EngineOptions options, IDurableFunctions functions, ILoggerFactory loggers) : IAsyncDisposable
{
    private readonly (EngineOptions, IDurableFunctions, ILoggerFactory) _given = (options, functions, loggers);

    public DurableTaskClient Client => throw new NotSupportedException($"{_given}");

    /// <summary>Root of the management API, such as <c>http://localhost:7071/runtime/webhooks/durabletask</c>; null while nobody listens.</summary>
    public string? ManagementBaseUrl { get; set; }

    /// <summary>Durable queues in the same file.</summary>
    public MessageQueues Queues => throw new NotSupportedException($"{_given}");

    /// <summary>Small durable values in the same file.</summary>
    public KeyValues Values => throw new NotSupportedException($"{_given}");

    /// <summary>Fails when the state file can no longer be written; the host must then stop.</summary>
    public Task Faulted => throw new NotSupportedException($"{_given}");

    /// <summary>Opens the state file and goes on where it left off.</summary>
    /// <exception cref="IOException">Another process holds the state folder; the message says which.</exception>
    public Task StartAsync(CancellationToken cancellation) => Task.FromException(new NotSupportedException($"{_given} {cancellation}"));

    /// <summary>Starts nothing new, waits for what runs until <paramref name="cancellation"/>, then closes the file.</summary>
    public Task StopAsync(CancellationToken cancellation) => Task.FromException(new NotSupportedException($"{_given} {cancellation}"));

    public ValueTask DisposeAsync() => default;
}
