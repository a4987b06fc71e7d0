using Microsoft.Extensions.Hosting;

namespace RiskDurable.Embedded.Hosting;

/// <summary>Leaves signals to the process that the host is a guest of.</summary>
internal sealed class CallerLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
