namespace RiskDurable.Execution.Running;

/// <summary>Jobs of a rollup failed; what the others wrote stays, so that a run after the cause is removed does only what is missing.</summary>
/// <param name="stages">What became of the jobs.</param>
/// <param name="failures">The first failures, with the job's name.</param>
public sealed class RollupFailedException(IReadOnlyList<StageProgress> stages, IReadOnlyList<(string Job, Exception Cause)> failures)
    : Exception(
        $"{stages.Sum(stage => stage.Failed)} of {stages.Sum(stage => stage.Jobs)} jobs failed. {failures[0].Job}: {failures[0].Cause.Message}",
        failures[0].Cause)
{
    /// <summary>What became of the jobs.</summary>
    public IReadOnlyList<StageProgress> Stages { get; } = stages;

    /// <summary>The first failures, with the job's name.</summary>
    public IReadOnlyList<(string Job, Exception Cause)> Failures { get; } = failures;
}
