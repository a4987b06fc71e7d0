namespace RiskDurable.Reference;

/// <summary>A whole portfolio in memory, as its files say it.</summary>
public sealed record Book
{
    public required string Id { get; init; }

    /// <summary>The reporting currency; its rate is 1 and it is not in <see cref="Fx"/>.</summary>
    public required string Currency { get; init; }

    /// <summary>Units of reporting currency for one unit of the key.</summary>
    public required IReadOnlyDictionary<string, double> Fx { get; init; }

    public required int Trials { get; init; }

    /// <summary>The rows of the year event table in the order of the file.</summary>
    public required IReadOnlyList<YetRow> Yet { get; init; }

    public required IReadOnlyList<LossTable> Elts { get; init; }

    /// <summary>Names of the tags that make the hierarchy, outermost first.</summary>
    public required IReadOnlyList<string> Rollup { get; init; }

    public required IReadOnlyList<Deal> Deals { get; init; }

    /// <summary>Layers (<c>deal/layer</c>) whose subject is ceded away whole, so that no trial may show a loss.</summary>
    public IReadOnlyList<string> FullyInured { get; init; } = [];

    /// <summary>Weights of the trials; null where all count alike.</summary>
    public IReadOnlyList<double>? Weights { get; init; }

    /// <summary>Seed of losses drawn from beta distributions; null where each is its mean.</summary>
    public ulong? Seed { get; init; }

    public double RateOf(string currency) => currency == Currency ? 1 : Fx[currency];
}

/// <summary>One row of the year event table; <paramref name="Trial"/> counts from 1; every row has a z, or none.</summary>
public sealed record YetRow(int Trial, long EventId, double Day, double? Z = null);

/// <summary>An event loss table; rows of one event id add up.</summary>
public sealed record LossTable(string Id, string Currency, IReadOnlyList<LossRow> Rows);

/// <summary>A row of an event loss table; an exposure of 0 is none, and every row of a table has one, or none.</summary>
public sealed record LossRow(long EventId, double MeanLoss, double SdIndependent = 0, double SdCorrelated = 0, double Exposure = 0);

public sealed record Deal(string Id, string Currency, IReadOnlyDictionary<string, string> Tags, IReadOnlyList<Layer> Layers);

/// <summary>A layer's terms in its deal's currency; a missing limit is unlimited.</summary>
public sealed record Layer
{
    public required string Id { get; init; }

    public required IReadOnlyList<SubjectTerm> Subject { get; init; }

    public double OccurrenceRetention { get; init; }

    public double? OccurrenceLimit { get; init; }

    public double AggregateRetention { get; init; }

    public double? AggregateLimit { get; init; }

    public double Franchise { get; init; }

    public double Share { get; init; } = 1;

    public Position Position { get; init; } = Position.Assumed;

    /// <summary>At 100 %, before share.</summary>
    public double Premium { get; init; }

    public IReadOnlyList<Reinstatement> Reinstatements { get; init; } = [];

    /// <summary>Unlimited is positive infinity.</summary>
    public double EffectiveOccurrenceLimit => OccurrenceLimit ?? double.PositiveInfinity;

    /// <summary>The limit given, else what the reinstatements say, else positive infinity.</summary>
    public double EffectiveAggregateLimit =>
        AggregateLimit
        ?? (Reinstatements.Count > 0 ? (1 + Reinstatements.Sum(reinstatement => reinstatement.Count)) * EffectiveOccurrenceLimit : double.PositiveInfinity);
}

/// <summary>One term of a subject: exactly one of the ELT's id and the layer's <c>deal/layer</c> is given.</summary>
public sealed record SubjectTerm(string? Elt, string? Layer, double Factor)
{
    public static SubjectTerm OfElt(string id, double factor = 1) => new(id, null, factor);

    public static SubjectTerm OfLayer(string reference, double factor = 1) => new(null, reference, factor);
}

public sealed record Reinstatement(int Count, double Rate);

public enum Position
{
    Assumed,
    Ceded,
    Memo,
}
