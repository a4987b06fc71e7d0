using RiskDurable.Execution.Planning;
using RiskDurable.Portfolio;

namespace RiskDurable.Functions.Rollup;

/// <summary>Input of the orchestration <see cref="RiskRollup"/>. Exactly one of folder and manifest is given.</summary>
/// <param name="Folder">A portfolio's folder, or another source as <see cref="Portfolios.PortfolioSources"/> has it, to be packed first.</param>
/// <param name="Manifest">Hash of a packed portfolio's manifest.</param>
/// <param name="Settings">What is asked.</param>
/// <param name="BlockTrials">Trials a block when a folder is packed; null for the default.</param>
/// <param name="StartedBy">Who asked; null where nobody said.</param>
/// <param name="TraceParent">W3C trace parent of what it was asked by; null where there is none. Not part of what is asked.</param>
public sealed record RollupRequest(
    string? Folder, string? Manifest, RollupSettings Settings, int? BlockTrials = null, string? StartedBy = null, string? TraceParent = null);

/// <summary>Names a plan: it is worked out again from manifest and settings wherever its jobs run.</summary>
/// <param name="Manifest">Hash of the manifest.</param>
/// <param name="Settings">What is asked.</param>
/// <param name="Execution">Hash of its <see cref="ExecutionPlan"/> in the store; null before there is one.</param>
public sealed record PlanReference(string Manifest, RollupSettings Settings, string? Execution = null);

/// <summary>What a rollup came to; output of <see cref="RiskRollup"/>, and while it runs its custom status.</summary>
/// <param name="Phase">What it is at: <c>packing</c>, <c>planning</c>, <c>map</c>, <c>reduce</c>, <c>report</c>, <c>done</c> or <c>refused</c>.</param>
/// <param name="Portfolio">The portfolio's id; null until it is packed.</param>
/// <param name="Plan">The plan; null until the portfolio is packed.</param>
/// <param name="Stages">The stages; empty until there is a plan.</param>
/// <param name="Estimate">What planning expected; null until there is a plan.</param>
/// <param name="Problems">What is wrong with a portfolio that was refused.</param>
/// <param name="PackSeconds">Wall time of packing.</param>
/// <param name="Decisions">Hash of the <see cref="JobDecisions"/>; null until there are any.</param>
public sealed record RollupStatus(
    string Phase,
    string? Portfolio,
    PlanReference? Plan,
    IReadOnlyList<StageStatus> Stages,
    RollupEstimate? Estimate,
    IReadOnlyList<Problem> Problems,
    double PackSeconds = 0,
    string? Decisions = null)
{
    /// <summary>The phase of a rollup whose portfolio was refused.</summary>
    public const string RefusedPhase = "refused";
}

/// <summary>A stage of a rollup.</summary>
/// <param name="Name"><c>map</c>, <c>reduce</c> or <c>report</c>.</param>
/// <param name="Jobs">Number of jobs.</param>
/// <param name="Cached">Jobs whose output was there, or was produced by another run meanwhile.</param>
/// <param name="Run">Jobs that ran to their end.</param>
/// <param name="Failed">Jobs that failed.</param>
/// <param name="Hits">Occurrences with a loss that layers visited.</param>
/// <param name="Seconds">Wall time by now.</param>
public sealed record StageStatus(string Name, int Jobs, int Cached, int Run, int Failed, long Hits, double Seconds = 0)
{
    /// <summary>The stage after some of its jobs.</summary>
    /// <param name="outcome">What became of these.</param>
    /// <param name="time">How long they took.</param>
    public StageStatus Plus(JobsOutcome outcome, TimeSpan time)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        return this with
        {
            Cached = Cached + outcome.Cached,
            Run = Run + outcome.Run,
            Failed = Failed + outcome.Failed,
            Hits = Hits + outcome.Hits,
            Seconds = Seconds + time.TotalSeconds,
        };
    }
}

/// <summary>What planning expected.</summary>
/// <param name="Jobs">Jobs in all.</param>
/// <param name="CachedJobs">Of these, jobs whose output was there.</param>
/// <param name="CoreSeconds">Time on one core for the rest.</param>
public sealed record RollupEstimate(int Jobs, int CachedJobs, double CoreSeconds);
