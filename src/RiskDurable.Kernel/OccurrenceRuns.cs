namespace RiskDurable.Kernel;

/// <summary>
/// The events of a block that cost a layer something, ascending by id: for each the run of its occurrences in the block's event order.
/// Work arrays, kept between layers; a few entries longer than what they hold, so that a loop may look ahead.
/// </summary>
internal sealed class OccurrenceRuns
{
    /// <summary>Entries behind the last that may be read: they name the first occurrence.</summary>
    public const int LookAhead = 16;

    /// <summary>Index of each run's first occurrence.</summary>
    public int[] First { get; private set; } = new int[LookAhead];

    /// <summary>Occurrences of each run, at least 1.</summary>
    public int[] Length { get; private set; } = new int[LookAhead];

    /// <summary>Loss of each occurrence of the run, above 0.</summary>
    public double[] Loss { get; private set; } = new double[LookAhead];

    /// <summary>Index of the event in the table that was matched.</summary>
    public int[] Source { get; private set; } = new int[LookAhead];

    /// <summary>Number of runs.</summary>
    public int Count { get; private set; }

    /// <summary>Occurrences of all runs.</summary>
    public long Hits { get; private set; }

    public void Begin(int most)
    {
        if (First.Length < most + LookAhead)
        {
            int capacity = most + (most >> 2) + LookAhead;
            First = new int[capacity];
            Length = new int[capacity];
            Loss = new double[capacity];
            Source = new int[capacity];
        }

        Count = 0;
    }

    /// <summary>Takes over the runs that have a loss by another table.</summary>
    /// <param name="runs">The runs.</param>
    /// <param name="losses">Loss of each event of the table that was matched.</param>
    public void Select(OccurrenceRuns runs, double[] losses)
    {
        Begin(runs.Count);
        int count = 0;
        for (int run = 0; run < runs.Count; run++)
        {
            int source = runs.Source[run];
            double loss = losses[source];
            First[count] = runs.First[run];
            Length[count] = runs.Length[run];
            Loss[count] = loss;
            Source[count] = source;
            count += loss > 0 ? 1 : 0;
        }

        End(count);
    }

    public void Add(int first, int length, double loss, int source)
    {
        First[Count] = first;
        Length[Count] = length;
        Loss[Count] = loss;
        Source[Count++] = source;
    }

    public void End(int count)
    {
        Count = count;
        End();
    }

    public void End()
    {
        First.AsSpan(Count, LookAhead).Clear();
        Length.AsSpan(Count, LookAhead).Clear();
        long hits = 0;
        foreach (int length in Length.AsSpan(0, Count))
        {
            hits += length;
        }

        Hits = hits;
    }

    /// <summary>The mean year of the runs: the sum of all losses over the number of trials.</summary>
    public double MeanYear(int trials)
    {
        double sum = 0;
        for (int i = 0; i < Count; i++)
        {
            sum += Length[i] * Loss[i];
        }

        return sum / trials;
    }
}
