using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using RiskDurable.Embedded.Engine;
using RiskDurable.Embedded.Functions;
using RiskDurable.Embedded.Queues;
using RiskDurable.Embedded.Settings;
using RiskDurable.Embedded.Timers;
using RiskDurable.Embedded.Worker;

namespace RiskDurable.Embedded.Hosting;

/// <summary>Runs the timers and queues that start functions.</summary>
internal sealed class TriggerListeners(
    IReadOnlyList<FunctionDescriptor> functions, FunctionExecutor executor, DurableEngine engine, HostJson hostJson, IConfiguration settings,
    TimeProvider time, ILoggerFactory loggers) : IDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _draining = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly ILogger _logger = loggers.CreateLogger<TriggerListeners>();
    private readonly List<Task> _running = [];

    /// <summary>Fails when a listener cannot go on, such as when the state file can no longer be written.</summary>
    public Task Completion => Task.WhenAll(_running);

    public void Start()
    {
        TimeZoneInfo zone = TimeZoneSetting.Read(settings);
        foreach (FunctionDescriptor function in functions)
        {
            switch (function.Trigger)
            {
                case TimerTriggerAttribute timer:
                    TimerListener listener = CreateTimer(function, timer, zone);
                    _running.Add(Task.Run(() => listener.RunAsync(_draining.Token)));
                    break;
                case QueueTriggerAttribute queue:
                    QueueListener taker = CreateQueue(function, queue);
                    _running.Add(Task.Run(() => taker.RunAsync(_draining.Token, _stopping.Token)));
                    break;
            }
        }
    }

    /// <summary>Takes nothing new and waits for what runs; when the token is signalled, calls under way are told to end.</summary>
    public async Task DrainAsync(CancellationToken cancellation)
    {
        await _draining.CancelAsync();
        using CancellationTokenRegistration limit = cancellation.Register(_stopping.Cancel);
        await Task.WhenAny(Completion, GraceAfterAsync(cancellation));
    }

    public void Dispose()
    {
        _draining.Dispose();
        _stopping.Dispose();
    }

    /// <summary>Ends a moment after the token is signalled: time for cancelled calls to hand their messages back.</summary>
    private static async Task GraceAfterAsync(CancellationToken cancellation)
    {
        var signalled = new TaskCompletionSource();
        using CancellationTokenRegistration registration = cancellation.Register(signalled.SetResult);
        await signalled.Task;
        await Task.Delay(Grace, CancellationToken.None);
    }

    private TimerListener CreateTimer(FunctionDescriptor function, TimerTriggerAttribute timer, TimeZoneInfo zone)
    {
        var schedule = TimerSchedule.Parse(Resolve(timer.Schedule), zone);
        bool monitored = timer.UseMonitor && schedule.CanBeMonitored(time.GetUtcNow().UtcDateTime);
        return new TimerListener(
            function.Name, schedule, timer.RunOnStartup, monitored ? new ScheduleStatusStore(engine) : null,
            info => CallTimerAsync(function, info), time, _logger);
    }

    /// <summary>A tick whose function fails is over: the next one comes on schedule. The call has logged the failure.</summary>
    private async Task CallTimerAsync(FunctionDescriptor function, TimerInfo info)
    {
        try
        {
            await executor.ExecuteAsync(function, info, instanceId: null, _stopping.Token);
        }
        catch (Exception problem)
        {
            _logger.LogDebug(problem, "A call of timer {Function} failed.", function.Name);
        }
    }

    private QueueListener CreateQueue(FunctionDescriptor function, QueueTriggerAttribute queue) =>
        new(
            Resolve(queue.QueueName), engine.Queues, hostJson.Queues,
            (call, cancellation) => executor.ExecuteAsync(function, call, instanceId: null, cancellation), time, _logger);

    private string Resolve(string text) => SettingReference.TryResolve(text, settings, out string? resolved, out string? missing)
        ? resolved
        : throw new InvalidOperationException($"The application setting '{missing}' is no longer there.");
}
