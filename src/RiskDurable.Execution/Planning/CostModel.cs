using RiskDurable.Execution.Packing;

namespace RiskDurable.Execution.Planning;

/// <summary>Expects what jobs cost, from the sizes that the manifest knows: a basis for choosing where to run them, and for comparing afterwards.</summary>
/// <remarks>The constants were measured on one core of a current server; they are right to a factor of about two on another machine.</remarks>
public sealed class CostModel
{
    private const double SecondsAJob = 0.5e-3;
    private const double SecondsAnEltRow = 10e-9;
    private const double SecondsAHit = 15e-9;
    private const double SecondsADraw = 80e-9;
    private const double SecondsAnOccurrenceReduced = 20e-9;
    private const double SecondsANodeTrial = 15e-9;

    private readonly RollupPlan _plan;
    private readonly long[] _eltRows;

    /// <summary>Prepares the expectations for a plan.</summary>
    /// <param name="plan">The plan.</param>
    public CostModel(RollupPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        _plan = plan;
        Dictionary<string, int> events = [];
        foreach (PackedElt elt in plan.Manifest.Elts)
        {
            events[elt.Hash] = elt.Events;
        }

        _eltRows = [.. plan.Bundles.Select(bundle => bundle.Layers
            .SelectMany(layer => layer.Sources)
            .Where(source => source.EltHash is not null)
            .Sum(source => (long)events[source.EltHash!]))];
    }

    /// <summary>Expected core-seconds of a job.</summary>
    /// <param name="stage">The job's stage.</param>
    /// <param name="job">Its number in the stage.</param>
    public double Seconds(PlanStage stage, int job)
    {
        ArgumentNullException.ThrowIfNull(stage);
        switch (stage.Kind)
        {
            case RollupStage.Map:
                (int bundle, int block) = _plan.MapJobAt(stage.Level, job);
                return MapSeconds(bundle, block);
            case RollupStage.Reduce:
                return SecondsAJob + (_plan.Manifest.Blocks[job].Occurrences * SecondsAnOccurrenceReduced * (1 + _plan.Manifest.Rollup.Count));
            default:
                return SecondsAJob + (_plan.Groups[job].Nodes.Count * (double)_plan.Manifest.Trials * SecondsANodeTrial);
        }
    }

    private double MapSeconds(int bundle, int block)
    {
        PackedBlock packed = _plan.Manifest.Blocks[block];
        double occurrencesAnEvent = packed.Events == 0 ? 0 : (double)packed.Occurrences / packed.Events;
        double hits = Math.Min(_eltRows[bundle], (double)packed.Events * _plan.Bundles[bundle].Layers.Count) * occurrencesAnEvent;

        // Merged ELTs are looked up once an occurrence; drawn from, each has its own loss.
        double draws = _plan.Settings.Sampling is null ? 0 : _eltRows[bundle] * occurrencesAnEvent;
        return SecondsAJob + (_eltRows[bundle] * SecondsAnEltRow) + (hits * SecondsAHit) + (draws * SecondsADraw);
    }
}
