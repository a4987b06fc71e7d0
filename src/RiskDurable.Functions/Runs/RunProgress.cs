using RiskDurable.Functions.Rollup;

namespace RiskDurable.Functions.Runs;

/// <summary>How far a run is: an entity a run. A bit a job, so that a report that arrives twice changes nothing.</summary>
public sealed class RunProgress : TaskEntity<RunProgressState>
{
    /// <summary>The entity of a run.</summary>
    /// <param name="runId">The run.</param>
    public static EntityInstanceId IdOf(string runId) => new(nameof(RunProgress), runId);

    /// <summary>Runs the entity's operations.</summary>
    /// <param name="dispatcher">Hands over the operations.</param>
    [Function(nameof(RunProgress))]
    public static Task DispatchAsync([EntityTrigger] TaskEntityDispatcher dispatcher) => dispatcher.DispatchAsync<RunProgress>();

    /// <summary>The portfolio is being packed, from the beginning on.</summary>
    public void PackingStarts() => State.Packing.Clear();

    /// <summary>A part of the portfolio is being packed.</summary>
    /// <param name="part">How far.</param>
    public void Packing(PackingPart part)
    {
        ArgumentNullException.ThrowIfNull(part);
        PackingStep? step = State.Packing.Find(step => step.Name == part.Step);
        if (step is null)
        {
            State.Packing.Add(step = new PackingStep(part.Step, new double[part.Parts]));
        }

        // Reports may overtake one another.
        step.Parts[part.Part] = Math.Max(step.Parts[part.Part], Math.Round(part.Fraction, 3));
    }

    /// <summary>Jobs ran.</summary>
    /// <param name="report">Which.</param>
    public void Report(ProgressReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        while (State.Stages.Count <= report.Stage)
        {
            State.Stages.Add(new StageBits("", [], 0));
        }

        byte[] bits = State.Stages[report.Stage].Bits;
        Array.Resize(ref bits, (report.Jobs + 7) / 8);
        bool news = false;
        foreach (int job in JobRanges.Parse(report.Ran))
        {
            news |= (bits[job >> 3] & (1 << (job & 7))) == 0;
            bits[job >> 3] |= (byte)(1 << (job & 7));
        }

        State.Stages[report.Stage] = new StageBits(report.Name, bits, State.Stages[report.Stage].Hits + (news ? report.Hits : 0));
    }
}

/// <summary>State of a run's progress.</summary>
public sealed class RunProgressState
{
    /// <summary>How far packing is, step by step; steps run side by side.</summary>
    public List<PackingStep> Packing { get; set; } = [];

    /// <summary>Jobs that ran, a stage each.</summary>
    public List<StageBits> Stages { get; set; } = [];
}

/// <summary>Jobs of a stage that ran.</summary>
/// <param name="Name">The stage's name.</param>
/// <param name="Bits">A bit a job.</param>
/// <param name="Hits">Occurrences with a loss that layers visited.</param>
public sealed record StageBits(string Name, byte[] Bits, long Hits)
{
    /// <summary>Number of jobs that ran.</summary>
    public int Count() => Bits.Sum(bits => System.Numerics.BitOperations.PopCount(bits));
}

/// <summary>A step of packing.</summary>
/// <param name="Name">What is being done.</param>
/// <param name="Parts">How far each of its parts is, from 0 to 1; they are about equally large.</param>
public sealed record PackingStep(string Name, double[] Parts)
{
    /// <summary>From 0 to 1, of the step.</summary>
    public double Fraction() => Parts.Sum() / Parts.Length;
}

/// <summary>A part of the portfolio is being packed.</summary>
/// <param name="Step">What is being done.</param>
/// <param name="Part">Number of the part.</param>
/// <param name="Parts">Parts of the step.</param>
/// <param name="Fraction">From 0 to 1, of this part.</param>
public sealed record PackingPart(string Step, int Part, int Parts, double Fraction);

/// <summary>Jobs ran.</summary>
/// <param name="Name">Their stage's name.</param>
/// <param name="Stage">Its number.</param>
/// <param name="Jobs">Its number of jobs.</param>
/// <param name="Ran">The jobs that ran, as <see cref="JobRanges"/>.</param>
/// <param name="Hits">Occurrences with a loss that their layers visited.</param>
public sealed record ProgressReport(string Name, int Stage, int Jobs, string Ran, long Hits);
