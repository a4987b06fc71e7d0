using System.Diagnostics;
using System.Runtime.CompilerServices;
using RiskDurable.Embedded.DurableTask.Client;
using RiskDurable.Embedded.Hosting;

namespace RiskDurable.Embedded.Engine.Tracing;

/// <summary>
/// The engine's spans, with the names, kinds and tags of the real one (<c>TraceHelper</c> in microsoft/durabletask-dotnet): <c>create_orchestration:NAME</c>
/// by the client, <c>orchestration:NAME</c> from creation to end, <c>activity:NAME</c> once for the wait and once for the work. Entities have none.
/// </summary>
internal static class EngineSpans
{
    private const string Orchestration = "orchestration";
    private const string CalledActivity = "activity";

    /// <summary>A client creates an orchestration.</summary>
    public static Activity? StartCreation(string name, string instanceId) =>
        Start($"create_orchestration:{name}", ActivityKind.Producer, Activity.Current?.Context ?? default, default, Orchestration, name, instanceId);

    /// <summary>The time from the call of an activity to its end.</summary>
    public static Activity? StartCall(ActivityCall call) => call.Caller.Trace is { } trace
        ? Start($"{CalledActivity}:{call.Name}", ActivityKind.Client, trace.Context, call.AskedAt, CalledActivity, call.Name, call.Caller.InstanceId)
            ?.SetTag("durabletask.task.task_id", call.TaskId)
        : null;

    /// <summary>An activity runs.</summary>
    public static Activity? StartRun(ActivityCall call, Activity? asked) => asked is not null
        ? Start($"{CalledActivity}:{call.Name}", ActivityKind.Server, asked.Context, default, CalledActivity, call.Name, call.Caller.InstanceId)
            ?.SetTag("durabletask.task.task_id", call.TaskId)
        : null;

    /// <summary>What an orchestrator logs while it makes a step belongs to its span. Nothing is sent: the span is, when the orchestration ends.</summary>
    public static Activity? Enter(StoredTrace? trace, string name)
    {
        if (trace is null)
        {
            return null;
        }

        Activity step = new($"{Orchestration}:{name}");
        step.SetParentId(trace.Parent.TraceId, trace.Parent.SpanId, trace.Parent.TraceFlags);
        step.TraceStateString = trace.Parent.TraceState;
        step.Start();
        SetSpanId(step, trace.Own);
        return step;
    }

    /// <summary>An orchestration has ended.</summary>
    /// <param name="trace">Its place.</param>
    /// <param name="name">Name of the function.</param>
    /// <param name="instanceId">Its id.</param>
    /// <param name="created">When it was created, ticks (UTC).</param>
    /// <param name="isCalled">Whether another orchestration called it.</param>
    /// <param name="status">How it ended.</param>
    /// <param name="failure">Why it failed; null where it did not.</param>
    public static void End(
        StoredTrace? trace, string name, string instanceId, long created, bool isCalled, OrchestrationRuntimeStatus status, string? failure)
    {
        if (trace is null)
        {
            return;
        }

        DateTimeOffset since = new(created, TimeSpan.Zero);
        using Activity? called = isCalled
            ? Start($"{Orchestration}:{name}", ActivityKind.Client, trace.Parent, since, Orchestration, name, instanceId)
            : null;
        using Activity? ran = Start($"{Orchestration}:{name}", ActivityKind.Server, called?.Context ?? trace.Parent, since, Orchestration, name, instanceId);
        if (ran is not null)
        {
            SetSpanId(ran, trace.Own);
            ran.SetTag("durabletask.task.status", status.ToString());
        }

        if (failure is not null)
        {
            called?.SetStatus(ActivityStatusCode.Error, failure);
            ran?.SetStatus(ActivityStatusCode.Error, failure);
        }
    }

    private static Activity? Start(
        string span, ActivityKind kind, ActivityContext parent, DateTimeOffset since, string type, string name, string instanceId) =>
        EmbeddedTelemetry.Source.StartActivity(span, kind, parent, startTime: since)
            ?.SetTag("durabletask.type", type).SetTag("durabletask.task.name", name).SetTag("durabletask.task.instance_id", instanceId);

    // A span's id cannot be chosen, and the real engine sets it the same way: it was given out when the orchestration was created.
    private static void SetSpanId(Activity span, ActivitySpanId id)
    {
        SpanIdOf(span) = id.ToHexString();
        IdOf(span) = null;
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_spanId")]
    private static extern ref string? SpanIdOf(Activity span);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_id")]
    private static extern ref string? IdOf(Activity span);
}
