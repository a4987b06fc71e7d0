using RiskDurable.Execution.Planning;
using RiskDurable.Execution.Results;

namespace RiskDurable.Functions.Runs;

/// <summary>A node of a run as the API shows it.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Node">The node's path.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Currency">Reporting currency, in which all amounts are.</param>
/// <param name="Trials">Number of trials.</param>
/// <param name="Metrics">Its results, as in <c>report.json</c>.</param>
/// <param name="Children">The nodes one level down, by ordinal path; a page of them.</param>
/// <param name="ChildCount">Number of all of them.</param>
/// <param name="Links">Where to go from here.</param>
public sealed record NodeView(
    string RunId,
    string Node,
    NodeKind Kind,
    string Currency,
    int Trials,
    ReportedNode Metrics,
    IReadOnlyList<ChildView> Children,
    int ChildCount,
    NodeLinks Links);

/// <summary>A node below another one.</summary>
/// <param name="Node">Its path.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Name">A deal's name; null for any other.</param>
/// <param name="Uri">Its address.</param>
public sealed record ChildView(string Node, NodeKind Kind, string? Name, string Uri);

/// <summary>Where to go from a node.</summary>
/// <param name="Self">The node.</param>
/// <param name="Parent">The node above; null for the whole portfolio.</param>
/// <param name="Curve">Its curves.</param>
/// <param name="CurveCsv">Its curves as CSV.</param>
/// <param name="Run">The run.</param>
/// <param name="NextChildren">The next page of children; null after the last.</param>
public sealed record NodeLinks(string Self, string? Parent, string Curve, string CurveCsv, string Run, string? NextChildren);

/// <summary>A node's curves as the API shows them.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Node">The node's path.</param>
/// <param name="Currency">Reporting currency.</param>
/// <param name="Trials">Number of trials.</param>
/// <param name="Curves">The four exceedance curves.</param>
public sealed record CurveView(string RunId, string Node, string Currency, int Trials, IReadOnlyList<ReportedCurve> Curves);
