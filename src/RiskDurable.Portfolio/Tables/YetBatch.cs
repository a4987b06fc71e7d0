namespace RiskDurable.Portfolio.Tables;

/// <summary>
/// Consecutive rows of a year-event table, in file order. One instance is used for all batches of a file: what it shows is valid
/// until the next batch is asked for.
/// </summary>
public sealed class YetBatch
{
    private readonly int[] _trial = new int[NumberTable.BatchRows];
    private long[] _eventId = [];
    private double[] _day = [];
    private double[]? _z;

    internal YetBatch()
    {
    }

    /// <summary>Number of rows, at least 1 and at most 65,536.</summary>
    public int Count { get; private set; }

    /// <summary>Number of rows in the file before this batch.</summary>
    public long FirstRow { get; private set; }

    /// <summary>How much of the file is read with this batch, from 0 to 1.</summary>
    public double FractionRead { get; private set; }

    /// <summary>Trials, from 1, one a row.</summary>
    public ReadOnlySpan<int> Trial => _trial.AsSpan(0, Count);

    /// <summary>Event ids, one a row.</summary>
    public ReadOnlySpan<long> EventId => _eventId.AsSpan(0, Count);

    /// <summary>Days within the year, finite, may carry a fraction, one a row.</summary>
    public ReadOnlySpan<double> Day => _day.AsSpan(0, Count);

    /// <summary>Uniforms in (0, 1) that all ELTs of an occurrence share, one a row; empty when the file has no such column.</summary>
    public ReadOnlySpan<double> Z => _z is null ? [] : _z.AsSpan(0, Count);

    /// <summary>Whether the file has a column <c>z</c>.</summary>
    public bool HasZ => _z is not null;

    internal int[] TrialBuffer => _trial;

    internal void Show(NumberTable table, long[] eventId, double[] day, double[]? z)
    {
        (Count, FirstRow, FractionRead) = (table.Count, table.FirstRow, table.FractionRead);
        (_eventId, _day, _z) = (eventId, day, z);
    }
}
