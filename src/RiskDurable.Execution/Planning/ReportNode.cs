using RiskDurable.Portfolio;
using RiskDurable.Portfolio.Model;

namespace RiskDurable.Execution.Planning;

/// <summary>What a node of the hierarchy is.</summary>
public enum NodeKind
{
    /// <summary>The whole portfolio.</summary>
    Portfolio,

    /// <summary>A value of a roll-up tag.</summary>
    Tag,

    /// <summary>A deal.</summary>
    Deal,

    /// <summary>A layer.</summary>
    Layer,
}

/// <summary>Where a node's year losses are, and what turns them into reporting currency.</summary>
/// <param name="Bundle">The bundle whose map jobs wrote them, as objects of year losses; -1 for the reduce jobs.</param>
/// <param name="Section">The section in each of those jobs' outputs.</param>
/// <param name="Share">Multiplies each amount first: a layer's share, else 1.</param>
/// <param name="Rate">Multiplies it then: the reporting rate of the deal's currency, else 1.</param>
public readonly record struct LossSource(int Bundle, int Section, double Share, double Rate)
{
    /// <summary>An amount as the node shows it.</summary>
    /// <param name="amount">An amount as it is stored.</param>
    public double InReportingCurrency(double amount) => Rate * (Share * amount);
}

/// <summary>A node to report on.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Losses">Its year losses.</param>
/// <param name="Parent">Its parent's year losses; null for the whole portfolio.</param>
/// <param name="Sign">How it enters its parent: -1, 0 or 1.</param>
/// <param name="Layer">The layer, where it is one.</param>
/// <param name="Name">A deal's name for people; else null.</param>
public sealed record ReportNode(NodePath Path, NodeKind Kind, LossSource Losses, LossSource? Parent, int Sign, Layer? Layer, string? Name);

/// <summary>Nodes that one report job works out, from one bundle's outputs or from those of the reduce jobs.</summary>
/// <param name="Index">Its number in the plan.</param>
/// <param name="Nodes">The nodes by section.</param>
public sealed record ReportGroup(int Index, IReadOnlyList<ReportNode> Nodes);
