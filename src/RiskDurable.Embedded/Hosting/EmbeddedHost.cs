using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using RiskDurable.Embedded.DurableTask.Client;
using RiskDurable.Embedded.Engine;
using RiskDurable.Embedded.Worker.Builder;

namespace RiskDurable.Embedded.Hosting;

/// <summary>
/// A functions application that runs inside another process. The composition is the same that <c>Program.cs</c> gives to
/// <see cref="FunctionsApplication.CreateBuilder"/>; signals and environment variables stay the caller's.
/// </summary>
public sealed class EmbeddedHost : IAsyncDisposable
{
    private readonly IHost _host;
    private int _disposed;

    private EmbeddedHost(IHost host)
    {
        _host = host;
        Client = host.Services.GetRequiredService<DurableEngine>().Client;
        BaseAddress = host.Services.GetRequiredService<HostAddress>().Base;
    }

    /// <summary>Starts, watches and steers orchestrations and entities.</summary>
    public DurableTaskClient Client { get; }

    /// <summary>Where the host answers HTTP; null where it does not listen.</summary>
    public Uri? BaseAddress { get; }

    /// <summary>The application's services.</summary>
    public IServiceProvider Services => _host.Services;

    /// <summary>Composes and starts an application.</summary>
    /// <param name="options">Where and how it runs.</param>
    /// <param name="configure">The application's composition.</param>
    /// <param name="cancellation">Gives up the start.</param>
    /// <returns>The running host. Dispose of it to stop it.</returns>
    /// <exception cref="HostStartupException">Settings or functions are not sound, or another process holds the state folder.</exception>
    public static async Task<EmbeddedHost> StartAsync(
        EmbeddedHostOptions options, Action<FunctionsApplicationBuilder> configure, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(configure);
        var builder = new FunctionsApplicationBuilder(HostComposition.ForCaller(
            options with { FunctionAssemblies = options.FunctionAssemblies ?? [configure.Method.Module.Assembly] }));
        configure(builder);
        IHost host = builder.Build();
        try
        {
            await host.StartAsync(cancellation);
            return new EmbeddedHost(host);
        }
        catch
        {
            await DisposeAsync(host);
            throw;
        }
    }

    /// <summary>Takes nothing new, waits for steps under way, then stops.</summary>
    /// <param name="cancellation">Stops waiting: steps under way are told to end, and run again after the next start.</param>
    public Task StopAsync(CancellationToken cancellation = default) => _host.StopAsync(cancellation);

    /// <summary>Waits until the host stops.</summary>
    /// <param name="cancellation">Stops the host.</param>
    public Task WaitForShutdownAsync(CancellationToken cancellation = default) => _host.WaitForShutdownAsync(cancellation);

    /// <summary>Stops the host if it still runs, and lets go of the state folder.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _host.StopAsync(CancellationToken.None);
        await DisposeAsync(_host);
    }

    private static ValueTask DisposeAsync(IHost host) => ((IAsyncDisposable)host).DisposeAsync();
}
