using System.Runtime.ExceptionServices;
using RiskDurable.Embedded.DurableTask;

namespace RiskDurable.Embedded.Engine.Orchestrations;

/// <summary>Calls a task until it succeeds or may not be tried again. Runs as orchestrator code.</summary>
internal static class RetryLoop
{
    /// <summary>Arithmetic as in DurableTask.Core's RetryInterceptor: first interval times coefficient to the power of the retries so far, capped.</summary>
    public static async Task<T> ByPolicy<T>(TaskOrchestrationContext context, RetryPolicy policy, Func<Task<T>> call)
    {
        DateTime firstAttempt = context.CurrentUtcDateTime;
        for (int attempt = 1; ; attempt++)
        {
            ExceptionDispatchInfo failure;
            try
            {
                return await call();
            }
            catch (Exception cause)
            {
                failure = ExceptionDispatchInfo.Capture(cause);
            }

            if (attempt >= policy.MaxNumberOfAttempts || !MayRetry(policy, failure.SourceException)
                || (policy.RetryTimeout != Timeout.InfiniteTimeSpan && context.CurrentUtcDateTime - firstAttempt >= policy.RetryTimeout))
            {
                failure.Throw();
            }

            await context.CreateTimer(Delay(policy, attempt), CancellationToken.None);
        }
    }

    public static async Task<T> ByHandler<T>(TaskOrchestrationContext context, AsyncRetryHandler handler, Func<Task<T>> call)
    {
        DateTime firstAttempt = context.CurrentUtcDateTime;
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await call();
            }
            catch (TaskFailedException failure) when (!failure.FailureDetails.IsNonRetriable)
            {
                RetryContext attempted = new(
                    context, attempt, failure.FailureDetails, context.CurrentUtcDateTime - firstAttempt, CancellationToken.None);
                if (!await handler(attempted))
                {
                    throw;
                }
            }
        }
    }

    /// <summary>Pause after an attempt, counted from 1.</summary>
    internal static TimeSpan Delay(RetryPolicy policy, int attempt)
    {
        double milliseconds = policy.FirstRetryInterval.TotalMilliseconds * Math.Pow(policy.BackoffCoefficient, attempt - 1);
        TimeSpan most = policy.MaxRetryInterval == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : policy.MaxRetryInterval;
        return milliseconds < most.TotalMilliseconds ? TimeSpan.FromMilliseconds(milliseconds) : most;
    }

    private static bool MayRetry(RetryPolicy policy, Exception failure)
    {
        if (failure is not TaskFailedException { FailureDetails: { IsNonRetriable: false } details })
        {
            return false;
        }

        try
        {
            return policy.ShouldRetry(details);
        }
        catch (Exception)
        {
            // As the real one: a handler that throws has not asked for a retry, and the task's own failure is what the orchestrator must see.
            return false;
        }
    }
}
