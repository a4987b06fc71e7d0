namespace RiskDurable.Kernel;

/// <summary>
/// The terms of one layer (docs/kernel.md, section 2). Amounts are in the deal's currency and at 100 %, before the share.
/// An absent limit is <see cref="double.PositiveInfinity"/>.
/// </summary>
/// <param name="OccurrenceRetention">Deducted from each occurrence; at least 0.</param>
/// <param name="OccurrenceLimit">Most that one occurrence pays; at least 0, 0 pays nothing.</param>
/// <param name="AggregateRetention">Deducted once from the year's layered losses, in order of occurrence; at least 0.</param>
/// <param name="AggregateLimit">Most that a year pays; at least 0.</param>
/// <param name="Franchise">An occurrence below it counts as nothing; one at or above it counts in full.</param>
public readonly record struct LayerTerms(
    double OccurrenceRetention,
    double OccurrenceLimit,
    double AggregateRetention,
    double AggregateLimit,
    double Franchise)
{
    /// <summary>Pays every loss in full.</summary>
    public static LayerTerms GroundUp { get; } = new(0, double.PositiveInfinity, 0, double.PositiveInfinity, 0);

    /// <summary>The part of a subject loss that falls into the layer, before aggregate terms: franchise, retention, limit.</summary>
    /// <param name="subjectLoss">x_d, deal currency.</param>
    public double ApplyOccurrenceTerms(double subjectLoss) =>
        subjectLoss < Franchise ? 0 : Math.Min(Math.Max(subjectLoss - OccurrenceRetention, 0), OccurrenceLimit);
}

/// <summary>Cover that comes back after a loss, against an additional premium.</summary>
/// <param name="Count">How often the occurrence limit is reinstated on these terms; at least 1.</param>
/// <param name="Rate">Share of the layer's premium due for one full reinstatement, pro rata as to amount; at least 0.</param>
public sealed record Reinstatement(int Count, double Rate);

/// <summary>What a layer's losses mean to the portfolio.</summary>
public enum LayerPosition
{
    /// <summary>Business written: adds to the roll-up.</summary>
    Assumed,

    /// <summary>Protection bought: subtracts from the roll-up.</summary>
    Ceded,

    /// <summary>A cedant's own inuring cover: counts nowhere above its layer.</summary>
    Memo,
}

/// <summary>Signs of <see cref="LayerPosition"/> in the roll-up.</summary>
public static class LayerPositions
{
    /// <summary>+1 assumed, -1 ceded, 0 memo.</summary>
    public static int Sign(this LayerPosition position) => position switch
    {
        LayerPosition.Assumed => 1,
        LayerPosition.Ceded => -1,
        LayerPosition.Memo => 0,
        _ => throw new ArgumentOutOfRangeException(nameof(position), position, "No such position."),
    };
}
