using RiskDurable.Execution.Storage;
using RiskDurable.Portfolio;

namespace RiskDurable.Functions.Hosting;

/// <summary>What orchestrators do about what fails: again what may have been bad luck, not what would fail in the same way each time.</summary>
internal static class Retrying
{
    /// <summary>How often something is tried in all.</summary>
    public const int MostTries = 3;

    /// <summary>How long to wait after the first failure; each further pause is twice as long.</summary>
    public static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);

    /// <summary>Retries of activities.</summary>
    public static TaskOptions Options { get; } = TaskOptions.FromRetryPolicy(
        new RetryPolicy(MostTries, FirstPause, backoffCoefficient: 2) { HandleFailure = failure => !IsPermanent(failure) });

    /// <summary>
    /// Tells an entity what must not be lost, and waits until it knows. A worker that dies takes the operations with it that its entities are at: a
    /// signal is lost then, while a call fails, and is made again. The operation must do no harm when it comes twice.
    /// </summary>
    /// <param name="context">The orchestration.</param>
    /// <param name="entity">The entity.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="input">Its input.</param>
    public static async Task TellAsync(this TaskOrchestrationContext context, EntityInstanceId entity, string operation, object input)
    {
        TimeSpan pause = FirstPause;
        for (int tries = 1; ; tries++)
        {
            try
            {
                await context.Entities.CallEntityAsync(entity, operation, input);
                return;
            }
            catch (EntityOperationFailedException) when (tries < MostTries)
            {
                await context.CreateTimer(pause, CancellationToken.None);
                pause *= 2;
            }
        }
    }

    /// <summary>Whether a job would fail in the same way each time: what it computes follows from its inputs alone.</summary>
    /// <param name="failure">What it failed of.</param>
    public static bool IsPermanent(Exception failure) => failure is BadInputException or ArgumentException or ArithmeticException;

    // Both name what is wrong, where, and what to do about it; the store has tried again by itself what may be worth it.
    private static bool IsPermanent(TaskFailureDetails failure) =>
        failure.IsCausedBy<BadInputException>() || failure.IsCausedBy<UnreadableObjectException>();
}
