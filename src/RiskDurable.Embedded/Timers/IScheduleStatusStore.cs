using RiskDurable.Embedded.Worker;

namespace RiskDurable.Embedded.Timers;

/// <summary>Keeps the state of monitored schedules beyond the process.</summary>
internal interface IScheduleStatusStore
{
    Task<ScheduleStatus?> ReadAsync(string function, CancellationToken cancellation);

    Task WriteAsync(string function, ScheduleStatus status, CancellationToken cancellation);
}
