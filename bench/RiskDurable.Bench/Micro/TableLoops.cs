using BenchmarkDotNet.Attributes;
using RiskDurable.Kernel;

namespace RiskDurable.Bench.Micro;

/// <summary>A block of 4,096 trials of 1,000 events out of 2,000,000, and the layer of 15 ELTs of 20,000 rows: 0.57 million hits.</summary>
public class TableLoops
{
    private const int Trials = 4_096;
    private const int EventsPerTrial = 1_000;
    private const int Occurrences = Trials * EventsPerTrial;

    private readonly LayerSimulator _simulator = new();
    private readonly OccurrenceRuns _runs = new();
    private readonly OccurrenceOrder _order = new();
    private readonly YearTotals _totals = new();
    private SyntheticData _data = null!;
    private TrialBlockBuilder _rows = null!;
    private TrialBlock _block = null!;
    private EventSubject _subject = null!;
    private LayerModel _free = null!;
    private LayerModel _bound = null!;
    private double[] _eventLosses = [];
    private int[] _positions = [];
    private double[] _losses = [];

    [GlobalSetup]
    public void Prepare()
    {
        SyntheticData data = _data = new SyntheticData(new BenchOptions { Trials = Trials, BlockTrials = Trials, EventsPerTrial = EventsPerTrial });
        _rows = data.Rows(0);
        _block = _rows.Build();
        _free = SyntheticData.Layer(data.Elts(100, 15, 20_000), LayerTerms.GroundUp);
        _bound = _free with { Terms = KernelCases.Binding(_simulator.SimulateYears(_block, _free).Aggregate.ToArray().Average()) };
        _subject = EventSubject.Merge(_free.Subject, _free.Subject.Count);
        _eventLosses = new double[_subject.EventIds.Length];
        _subject.ApplyOccurrenceTerms(_free.Terms, _eventLosses);
        _block.Occurrences.Match(_subject.EventIds, _eventLosses, _runs);
        _positions = new int[_runs.Hits];
        _losses = new double[_runs.Hits];
    }

    [IterationSetup(Target = nameof(Index))]
    public void AddRows() => _data.Rows(0, _rows);

    /// <summary>Grouping rows by event.</summary>
    [Benchmark(OperationsPerInvoke = Occurrences)]
    public TrialBlock Index() => _rows.Build();

    /// <summary>Fifteen ELTs into one table by event.</summary>
    [Benchmark(OperationsPerInvoke = 15 * 20_000)]
    public long MergeSubject() => EventSubject.Merge(_free.Subject, _free.Subject.Count).EventIds.Length;

    /// <summary>Occurrence terms on the merged table.</summary>
    [Benchmark(OperationsPerInvoke = 260_000)]
    public void OccurrenceTerms() => _subject.ApplyOccurrenceTerms(_free.Terms, _eventLosses);

    /// <summary>Finding the block's events in the table.</summary>
    [Benchmark(OperationsPerInvoke = 260_000)]
    public void Match() => _block.Occurrences.Match(_subject.EventIds, _eventLosses, _runs);

    /// <summary>Scattering event losses over trials.</summary>
    [Benchmark(OperationsPerInvoke = 570_000)]
    public void ScatterToTrials() => _totals.Add(_block, _runs);

    /// <summary>Putting hits in order of time.</summary>
    [Benchmark(OperationsPerInvoke = 570_000)]
    public void OrderOfTime()
    {
        _order.Deal(_block, _runs);
        int next = 0;
        for (int list = 0; list < _order.Lists; list++)
        {
            _order.Write(list, _runs.Loss, _positions.AsSpan(next), _losses.AsSpan(next));
            next += _order.CountOf(list);
        }
    }

    /// <summary>The whole layer, where no trial needs order.</summary>
    [Benchmark(OperationsPerInvoke = 570_000)]
    public BlockYearLosses LayerWithoutOrder() => _simulator.SimulateYears(_block, _free);

    /// <summary>The whole layer, where every trial does.</summary>
    [Benchmark(OperationsPerInvoke = 570_000)]
    public BlockYearLosses LayerInOrder() => _simulator.SimulateYears(_block, _bound);
}
