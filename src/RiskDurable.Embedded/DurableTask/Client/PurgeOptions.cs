namespace RiskDurable.Embedded.DurableTask.Client;

/// <summary>How an instance is purged.</summary>
/// <param name="Recursive">Whether its sub-orchestrations are purged too.</param>
public record PurgeInstanceOptions(bool Recursive = false);

/// <summary>Which instances are purged; only those that have ended ever are.</summary>
/// <param name="CreatedFrom">Created at this time or later; any if null.</param>
/// <param name="CreatedTo">Created at this time or before; any if null.</param>
/// <param name="Statuses">In one of these states; any that is an end if null.</param>
public record PurgeInstancesFilter(
    DateTimeOffset? CreatedFrom = null,
    DateTimeOffset? CreatedTo = null,
    IEnumerable<OrchestrationRuntimeStatus>? Statuses = null);

/// <summary>What a purge has done.</summary>
public class PurgeResult
{
    /// <summary>A purge's result.</summary>
    /// <param name="count">Number of instances purged.</param>
    /// <param name="isComplete">Whether nothing is left that the filter meets; null if not known.</param>
    public PurgeResult(int count, bool? isComplete)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        PurgedInstanceCount = count;
        IsComplete = isComplete;
    }

    /// <summary>Number of instances purged.</summary>
    public int PurgedInstanceCount { get; }

    /// <summary>Whether nothing is left that the filter meets; null if not known.</summary>
    public bool? IsComplete { get; }
}
