namespace RiskDurable.Portfolio.Samples;

/// <summary>
/// Draws events by weight in constant time: the alias method (M. D. Vose, "A linear algorithm for generating random numbers with
/// a given distribution", IEEE TSE 17, 1991).
/// </summary>
internal sealed class EventSampler
{
    private readonly double[] _keep;
    private readonly int[] _alias;
    private readonly int _first;

    /// <param name="weights">Weights that add up to 1.</param>
    /// <param name="first">Number of the first event.</param>
    public EventSampler(ReadOnlySpan<double> weights, int first)
    {
        int n = weights.Length;
        _first = first;
        _keep = new double[n];
        _alias = new int[n];
        var small = new Stack<int>();
        var large = new Stack<int>();
        for (int i = 0; i < n; i++)
        {
            _keep[i] = weights[i] * n;
            _alias[i] = i;
            (_keep[i] < 1 ? small : large).Push(i);
        }

        while (small.Count > 0 && large.Count > 0)
        {
            int poor = small.Pop();
            int rich = large.Pop();
            _alias[poor] = rich;
            _keep[rich] -= 1 - _keep[poor];
            (_keep[rich] < 1 ? small : large).Push(rich);
        }
    }

    public int Draw(SampleRandom random)
    {
        int i = random.Below(_keep.Length);
        return _first + (random.Unit() < _keep[i] ? i : _alias[i]);
    }
}
