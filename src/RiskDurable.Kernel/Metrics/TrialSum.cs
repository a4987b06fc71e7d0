namespace RiskDurable.Kernel.Metrics;

/// <summary>The same sum as <see cref="ChunkedSum"/>, for terms that come one by one with ascending trials.</summary>
internal struct TrialSum
{
    private double _chunks;
    private double _sum;
    private int _chunk;

    /// <summary>The sum so far.</summary>
    public readonly double Total => _chunks + _sum;

    /// <summary>Adds the term of a trial, which must not lie before the last one.</summary>
    public void Add(int trial, double term)
    {
        int chunk = trial / ChunkedSum.ChunkLength;
        if (chunk != _chunk)
        {
            _chunks += _sum;
            _sum = 0;
            _chunk = chunk;
        }

        _sum += term;
    }
}
