namespace RiskDurable.Functions.DealAnalytics;

/// <summary>Input of the orchestration <see cref="DealAnalytics"/>.</summary>
/// <param name="Base">What the deals are compared with.</param>
/// <param name="Request">Hash of the request in the store.</param>
/// <param name="StartedBy">Who asked; null where nobody said.</param>
/// <param name="AskedAt">When; null where nobody measures how long the answer takes.</param>
/// <param name="TraceParent">W3C trace parent of the request; null where there is none.</param>
public sealed record AnalysisOrder(
    AnalysisBase Base, string Request, string? StartedBy = null, DateTimeOffset? AskedAt = null, string? TraceParent = null);

/// <summary>Output of the orchestration: where the answer is, and what it comes from.</summary>
/// <param name="Analysis">Hash of the answer in the store; null where there is none.</param>
/// <param name="Missing">What of the rollup's inputs and outputs is missing or damaged; null where there is an answer.</param>
/// <param name="RunId">The rollup that the deals were compared with; null where none is known.</param>
/// <param name="Manifest">Hash of the portfolio's manifest.</param>
/// <param name="KernelVersion">Version of the kernel.</param>
public sealed record AnalysisOutcome(string? Analysis, string? Missing, string? RunId, string Manifest, int KernelVersion);
