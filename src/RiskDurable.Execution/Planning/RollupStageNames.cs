namespace RiskDurable.Execution.Planning;

/// <summary>Names of stages, as results, statuses and telemetry have them.</summary>
public static class RollupStageNames
{
    /// <summary><c>map</c>, <c>reduce</c> or <c>report</c>.</summary>
    /// <param name="stage">The stage.</param>
    public static string Name(this RollupStage stage) => stage switch
    {
        RollupStage.Map => "map",
        RollupStage.Reduce => "reduce",
        _ => "report",
    };
}
