namespace RiskDurable.Execution.Planning;

/// <summary>What a stage's jobs do.</summary>
public enum RollupStage
{
    /// <summary>Simulate deals.</summary>
    Map,

    /// <summary>Sum up the hierarchy.</summary>
    Reduce,

    /// <summary>Work out metrics.</summary>
    Report,
}

/// <summary>Jobs of a plan that need nothing of one another.</summary>
/// <param name="Index">Its number in the plan.</param>
/// <param name="Kind">What its jobs do.</param>
/// <param name="Level">The level of deals, for map jobs; else 0.</param>
/// <param name="Jobs">Number of jobs.</param>
public sealed record PlanStage(int Index, RollupStage Kind, int Level, int Jobs);
