using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RiskDurable.Embedded.Engine;

namespace RiskDurable.Embedded.Hosting;

/// <summary>Starts and stops engine and listeners in step with the web server: the engine before it and after it, the listeners while it runs.</summary>
internal sealed class FunctionsHostService(
    DurableEngine engine, TriggerListeners listeners, HostAddress address, IServer server, IHostApplicationLifetime lifetime, ILogger<FunctionsHostService> logger)
    : IHostedLifecycleService
{
    private volatile bool _isStopping;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await engine.StartAsync(cancellationToken);
        }
        catch (Exception problem) when (problem is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new HostStartupException("The durable state cannot be opened:", [problem.Message]);
        }
    }

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        address.ReadFrom(server);
        engine.ManagementBaseUrl = address.ManagementRoot;
        listeners.Start();
        _ = StopOnFaultAsync(engine.Faulted, "The engine cannot go on.");
        _ = StopOnFaultAsync(listeners.Completion, "A trigger's listener cannot go on.");
        logger.LogInformation("Host started at {Address}.", address.Base?.ToString() ?? "no address: HTTP is off");
        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        _isStopping = true;
        return listeners.DrainAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => engine.StopAsync(cancellationToken);

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task StopOnFaultAsync(Task watched, string message)
    {
        try
        {
            await watched;
        }
        catch (Exception problem) when (!_isStopping)
        {
            logger.LogCritical(problem, "{Message} The host stops.", message);
            Environment.ExitCode = 1;
            lifetime.StopApplication();
        }
    }
}
