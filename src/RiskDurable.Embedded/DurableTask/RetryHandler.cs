namespace RiskDurable.Embedded.DurableTask;

/// <summary>Decides after a failure whether to try again; runs as orchestrator code, so it must be deterministic.</summary>
/// <param name="retryContext">What failed and how often.</param>
/// <returns>True to try again at once.</returns>
public delegate bool RetryHandler(RetryContext retryContext);

/// <summary>Decides after a failure whether to try again; may await durable tasks such as a timer.</summary>
/// <param name="retryContext">What failed and how often.</param>
/// <returns>True to try again.</returns>
public delegate Task<bool> AsyncRetryHandler(RetryContext retryContext);

/// <summary>What a retry handler is told.</summary>
/// <param name="OrchestrationContext">The orchestration that called the failed task.</param>
/// <param name="LastAttemptNumber">Number of the attempt that failed, from 1.</param>
/// <param name="LastFailure">How it failed.</param>
/// <param name="TotalRetryTime">Time since the first attempt started.</param>
/// <param name="CancellationToken">Cancelled when the caller gives up.</param>
public record RetryContext(
    TaskOrchestrationContext OrchestrationContext,
    int LastAttemptNumber,
    TaskFailureDetails LastFailure,
    TimeSpan TotalRetryTime,
    CancellationToken CancellationToken);
