namespace RiskDurable.Functions.Runs;

/// <summary>What is logged of runs. Names of events and fields are read by the workbook; docs/telemetry.md lists them.</summary>
internal static partial class RunLog
{
    private static readonly Func<ILogger, string, IDisposable?> RunScope = LoggerMessage.DefineScope<string>("Run {RunId}");
    private static readonly Func<ILogger, string, string, string, IDisposable?> JobsScope =
        LoggerMessage.DefineScope<string, string, string>("Run {RunId}, stage {Stage}, jobs {Jobs}");

    /// <summary>Whatever is logged within belongs to a run.</summary>
    public static IDisposable? BeginRun(this ILogger logger, string runId) => RunScope(logger, runId);

    /// <summary>Whatever is logged within belongs to jobs of a run.</summary>
    public static IDisposable? BeginJobs(this ILogger logger, string runId, string stage, string jobs) => JobsScope(logger, runId, stage, jobs);

    [LoggerMessage(1, LogLevel.Information, "Run {RunId} starts, asked for by {StartedBy}.", EventName = nameof(RunStarts))]
    public static partial void RunStarts(this ILogger logger, string runId, string? startedBy);

    [LoggerMessage(2, LogLevel.Information, "Run {RunId}: {Jobs} jobs planned, {Cached} cached, {CoreSeconds:F1} core-seconds expected.", EventName = nameof(RunPlanned))]
    public static partial void RunPlanned(this ILogger logger, string runId, int jobs, int cached, double coreSeconds);

    [LoggerMessage(3, LogLevel.Information, "Run {RunId}: stage {Stage} took {Seconds:F1} s: {Ran} jobs run, {Cached} done by others, {Failed} failed.", EventName = nameof(StageEnded))]
    public static partial void StageEnded(this ILogger logger, string runId, string stage, double seconds, int ran, int cached, int failed);

    [LoggerMessage(4, LogLevel.Information, "Run {RunId} of portfolio {Portfolio} {Outcome} after {Seconds:F1} s.", EventName = nameof(RunEnded))]
    public static partial void RunEnded(this ILogger logger, string runId, string? portfolio, string outcome, double seconds);

    [LoggerMessage(5, LogLevel.Error, "Run {RunId} of portfolio {Portfolio} failed after {Seconds:F1} s: {Reason}", EventName = nameof(RunFailed))]
    public static partial void RunFailed(this ILogger logger, string runId, string? portfolio, double seconds, string reason);

    [LoggerMessage(6, LogLevel.Warning, "Run {RunId}: inputs of job {Job} are missing or damaged; their producers run again.", EventName = nameof(InputsLost))]
    public static partial void InputsLost(this ILogger logger, Exception exception, string runId, string job);

    [LoggerMessage(7, LogLevel.Warning, "Run {RunId} of portfolio {Portfolio} has made no progress for {Minutes:F0} minutes, in phase {Phase}.", EventName = nameof(RunStuck))]
    public static partial void RunStuck(this ILogger logger, string runId, string? portfolio, double minutes, string? phase);

    [LoggerMessage(8, LogLevel.Warning, "Run {RunId} of portfolio {Portfolio} is {Minutes:F0} minutes later than its plan expected, in phase {Phase}.", EventName = nameof(RunLate))]
    public static partial void RunLate(this ILogger logger, string runId, string? portfolio, double minutes, string? phase);

    [LoggerMessage(9, LogLevel.Information, "Run {RunId} was cancelled by {CancelledBy}.", EventName = nameof(RunCancelled))]
    public static partial void RunCancelled(this ILogger logger, string runId, string cancelledBy);

    [LoggerMessage(10, LogLevel.Warning, "Run {RunId} ends, and its claims could not be given back: other runs take them over when their lease ends.", EventName = nameof(ClaimsKept))]
    public static partial void ClaimsKept(this ILogger logger, Exception exception, string runId);

    [LoggerMessage(11, LogLevel.Warning, "Run {RunId}: job {Job} failed; it is tried again a few times.", EventName = nameof(JobFailed))]
    public static partial void JobFailed(this ILogger logger, Exception exception, string runId, string job);

    [LoggerMessage(12, LogLevel.Information, "{Runs} runs that had ended by {Until} were purged.", EventName = nameof(RunsPurged))]
    public static partial void RunsPurged(this ILogger logger, int runs, DateTimeOffset until);
}
