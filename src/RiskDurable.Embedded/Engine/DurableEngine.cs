using Microsoft.Extensions.Logging;
using RiskDurable.Embedded.DurableTask.Client;
using RiskDurable.Embedded.Engine.Client;

namespace RiskDurable.Embedded.Engine;

/// <summary>Runs orchestrations, activities and entities, durable in one file.</summary>
internal sealed class DurableEngine : IAsyncDisposable
{
    private readonly EngineOptions _options;
    private readonly IDurableFunctions _functions;
    private readonly ILoggerFactory _loggers;
    private EngineRuntime? _runtime;
    private StoredQueues? _queues;
    private StoredValues? _values;

    public DurableEngine(EngineOptions options, IDurableFunctions functions, ILoggerFactory loggers)
    {
        (_options, _functions, _loggers) = (options, functions, loggers);
        Client = new EngineClient(this, options.HubName);
    }

    /// <summary>The client; it works between start and stop.</summary>
    public DurableTaskClient Client { get; }

    /// <summary>Root of the management API, such as <c>http://localhost:7071/runtime/webhooks/durabletask</c>; null while nobody listens.</summary>
    public string? ManagementBaseUrl { get; set; }

    /// <summary>Durable queues in the same file.</summary>
    public MessageQueues Queues => _queues ?? throw NotRunning();

    /// <summary>Small durable values in the same file.</summary>
    public KeyValues Values => _values ?? throw NotRunning();

    /// <summary>Fails when the state file can no longer be written; the host must then stop.</summary>
    public Task Faulted => Runtime.Faulted;

    /// <summary>Path of the state file.</summary>
    public string StatePath => Runtime.State.Path;

    internal EngineRuntime Runtime => _runtime ?? throw NotRunning();

    /// <summary>Opens the state file and goes on where it left off.</summary>
    /// <exception cref="IOException">Another process holds the state folder; the message says which.</exception>
    /// <exception cref="InvalidDataException">The file was written by another version of the host.</exception>
    public Task StartAsync(CancellationToken cancellation)
    {
        if (_runtime is not null)
        {
            throw new InvalidOperationException("The engine is already running.");
        }

        cancellation.ThrowIfCancellationRequested();
        return Task.Run(
            () =>
            {
                ReserveThreads();
                EngineRuntime runtime = new(_options, _functions, _loggers);
                (_queues, _values) = (new StoredQueues(runtime), new StoredValues(runtime));
                _runtime = runtime;
                Recovery.Run(runtime);
            },
            cancellation);
    }

    /// <summary>Starts nothing new, waits for what runs until <paramref name="cancellation"/>, then closes the file.</summary>
    public async Task StopAsync(CancellationToken cancellation)
    {
        if (Interlocked.Exchange(ref _runtime, null) is { } runtime)
        {
            await runtime.StopAsync(cancellation).ConfigureAwait(false);
            await runtime.DisposeAsync().ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);

    private static InvalidOperationException NotRunning() => new("The durable engine is not running: the host has not started, or has stopped.");

    /// <summary>Activities that compute or block hold their threads; the engine's own steps must not wait for the pool to grow.</summary>
    private void ReserveThreads()
    {
        ThreadPool.GetMinThreads(out int workers, out int completions);
        ThreadPool.SetMinThreads(Math.Max(workers, _options.MaxConcurrentActivities + (2 * Environment.ProcessorCount)), completions);
    }
}
