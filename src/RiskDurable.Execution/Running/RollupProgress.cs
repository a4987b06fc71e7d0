using RiskDurable.Execution.Planning;

namespace RiskDurable.Execution.Running;

/// <summary>What became of a stage's jobs.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Jobs">Number of jobs.</param>
/// <param name="Cached">Jobs whose output was there.</param>
/// <param name="Run">Jobs that ran to their end.</param>
/// <param name="Failed">Jobs that failed.</param>
/// <param name="Hits">Occurrences with a loss that layers visited.</param>
public sealed record StageProgress(RollupStage Stage, int Jobs, int Cached, int Run, int Failed, long Hits)
{
    /// <summary>Jobs that are over.</summary>
    public int Done => Cached + Run + Failed;
}
