using RiskDurable.Functions.Rollup;
using RiskDurable.Portfolio;

namespace RiskDurable.Functions.Runs;

/// <summary>A run as the API shows it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Status">One of <see cref="RunStates"/>.</param>
/// <param name="Phase">What it is at, or was at last: <see cref="RollupStatus.Phase"/>; null before it starts.</param>
/// <param name="Portfolio">The portfolio's id; null until it is packed.</param>
/// <param name="Manifest">Hash of the portfolio's manifest; null until it is packed.</param>
/// <param name="StartedBy">Who asked; null where nobody said.</param>
/// <param name="Request">The body that asks for the same again, with the manifest and all settings; null until the portfolio is packed.</param>
/// <param name="Packing">How far packing is; null where nothing was packed.</param>
/// <param name="Stages">The stages; empty until there is a plan.</param>
/// <param name="Estimate">What planning expected; null until there is a plan.</param>
/// <param name="Timing">When, and how long.</param>
/// <param name="Health">Whether it moves, and whether it is in time.</param>
/// <param name="Problems">What is wrong with a portfolio that was refused; null for any other.</param>
/// <param name="Failure">Why it failed; null where it did not.</param>
/// <param name="Redrive">How to run what is missing; null where nothing is.</param>
/// <param name="Links">Where to go from here.</param>
public sealed record RunView(
    string Id,
    string Status,
    string? Phase,
    string? Portfolio,
    string? Manifest,
    string? StartedBy,
    RollupBody? Request,
    PackingView? Packing,
    IReadOnlyList<StageView> Stages,
    RollupEstimate? Estimate,
    RunTiming Timing,
    RunHealth Health,
    IReadOnlyList<Problem>? Problems,
    string? Failure,
    RedriveView? Redrive,
    RunLinks Links);

/// <summary>A stage as the API shows it.</summary>
/// <param name="Name"><c>map</c>, <c>reduce</c> or <c>report</c>.</param>
/// <param name="Jobs">Number of jobs.</param>
/// <param name="Cached">Jobs whose output was there.</param>
/// <param name="Run">Jobs that ran to their end, by now.</param>
/// <param name="Failed">Jobs that failed.</param>
/// <param name="Progress">From 0 to 1: jobs that are done.</param>
/// <param name="Hits">Occurrences with a loss that layers visited, by now.</param>
/// <param name="Seconds">Wall time of the levels of the stage that are through.</param>
public sealed record StageView(string Name, int Jobs, int Cached, int Run, int Failed, double Progress, long Hits, double Seconds);

/// <summary>When a run happened.</summary>
/// <param name="CreatedAt">When it was asked for.</param>
/// <param name="LastUpdatedAt">When it last made a step.</param>
/// <param name="EndedAt">When it ended; null while it has not.</param>
/// <param name="Seconds">Wall time, to its end or its last step.</param>
/// <param name="PackSeconds">Of these, for packing.</param>
public sealed record RunTiming(DateTimeOffset CreatedAt, DateTimeOffset LastUpdatedAt, DateTimeOffset? EndedAt, double Seconds, double PackSeconds);

/// <summary>Whether a run moves, and whether it is in time.</summary>
/// <param name="Verdict"><c>moving</c>, <c>stuck</c>, <c>late</c> or <c>ended</c>.</param>
/// <param name="IdleSeconds">Since it last made progress; 0 where it has ended.</param>
/// <param name="ExpectedSeconds">How long its jobs were expected to take on the cores that there are; null before there is a plan.</param>
/// <param name="LatenessSeconds">How much longer they take or took; negative while there is time left; null before there is a plan.</param>
public sealed record RunHealth(string Verdict, double IdleSeconds, double? ExpectedSeconds, double? LatenessSeconds);

/// <summary>How to run what is missing of a run that did not complete.</summary>
/// <param name="Message">In a sentence.</param>
/// <param name="Method">HTTP method.</param>
/// <param name="Uri">Address.</param>
/// <param name="Body">The request's body.</param>
public sealed record RedriveView(string Message, string Method, string Uri, RollupBody Body);

/// <summary>Where to go from a run.</summary>
/// <param name="Self">The run.</param>
/// <param name="Status">The orchestration, by the host's management API.</param>
/// <param name="Root">The whole portfolio's results; null while there are none.</param>
/// <param name="Cancel">DELETE here cancels; null where the run has ended.</param>
/// <param name="Decisions">Why each job was run, or was not; null while there is no plan.</param>
public sealed record RunLinks(string Self, string? Status, string? Root, string? Cancel, string? Decisions);

/// <summary>A run in a list.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Status">One of <see cref="RunStates"/>.</param>
/// <param name="Phase">What it is at, or was at last.</param>
/// <param name="Portfolio">The portfolio's id; null until it is packed.</param>
/// <param name="StartedBy">Who asked; null where nobody said.</param>
/// <param name="CreatedAt">When it was asked for.</param>
/// <param name="LastUpdatedAt">When it last made a step.</param>
/// <param name="RunUri">Its address.</param>
public sealed record RunSummary(
    string Id, string Status, string? Phase, string? Portfolio, string? StartedBy, DateTimeOffset CreatedAt, DateTimeOffset LastUpdatedAt, string RunUri);

/// <summary>A page of runs.</summary>
/// <param name="Runs">The runs, newest first.</param>
/// <param name="NextUri">The next page; null after the last.</param>
public sealed record RunList(IReadOnlyList<RunSummary> Runs, string? NextUri);

/// <summary>How far packing is.</summary>
/// <param name="Step">What is being done.</param>
/// <param name="Fraction">From 0 to 1, of this step.</param>
public sealed record PackingView(string Step, double Fraction);
