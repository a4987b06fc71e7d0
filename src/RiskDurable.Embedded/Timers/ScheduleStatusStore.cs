using System.Text.Json;
using RiskDurable.Embedded.Engine;
using RiskDurable.Embedded.Worker;

namespace RiskDurable.Embedded.Timers;

/// <summary>Keeps the state of schedules beside the engine's own.</summary>
internal sealed class ScheduleStatusStore(DurableEngine engine) : IScheduleStatusStore
{
    public async Task<ScheduleStatus?> ReadAsync(string function, CancellationToken cancellation) =>
        await engine.Values.GetAsync(KeyOf(function), cancellation) is { } stored ? JsonSerializer.Deserialize<ScheduleStatus>(stored) : null;

    public Task WriteAsync(string function, ScheduleStatus status, CancellationToken cancellation) =>
        engine.Values.SetAsync(KeyOf(function), JsonSerializer.Serialize(status), cancellation);

    private static string KeyOf(string function) => $"timer/{function.ToUpperInvariant()}";
}
