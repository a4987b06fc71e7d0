namespace RiskDurable.Kernel;

/// <summary>Walks the events that a sorted table and a trial block have in common.</summary>
/// <remarks>
/// Gallops through the longer side: a table of a thousand events against a block of a million costs thousands of steps. Enumerate with
/// <c>while (walk.MoveNext())</c>; no allocation.
/// </remarks>
internal ref struct EventIntersection(ReadOnlySpan<long> table, ReadOnlySpan<long> block)
{
    private readonly ReadOnlySpan<long> _table = table;
    private readonly ReadOnlySpan<long> _block = block;

    /// <summary>Index in the table of the current common event.</summary>
    public int InTable { get; private set; } = -1;

    /// <summary>Index in the block's events of the current common event.</summary>
    public int InBlock { get; private set; } = -1;

    public bool MoveNext()
    {
        int i = InTable + 1;
        int j = InBlock + 1;
        while (i < _table.Length && j < _block.Length)
        {
            if (_table[i] == _block[j])
            {
                InTable = i;
                InBlock = j;
                return true;
            }

            if (_table[i] < _block[j])
            {
                i = FirstNotBelow(_table, i + 1, _block[j]);
            }
            else
            {
                j = FirstNotBelow(_block, j + 1, _table[i]);
            }
        }

        return false;
    }

    private static int FirstNotBelow(ReadOnlySpan<long> ids, int from, long id)
    {
        int step = 1;
        int low = from;
        int high = from;
        while (high < ids.Length && ids[high] < id)
        {
            low = high + 1;
            high += step;
            step <<= 1;
        }

        high = Math.Min(high, ids.Length);
        while (low < high)
        {
            int middle = (int)(((uint)low + (uint)high) >> 1);
            if (ids[middle] < id)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
