using RiskDurable.Execution.Packing;
using RiskDurable.Execution.Planning;
using RiskDurable.Execution.Results;
using RiskDurable.Execution.Running;
using RiskDurable.Execution.Storage;
using RiskDurable.Portfolio.Files;
using RiskDurable.Portfolio.Samples;

namespace RiskDurable.Execution.Tests;

/// <summary>How jobs read what other jobs wrote.</summary>
public sealed class InputReadingTests : IAsyncLifetime
{
    private const int AtOnce = 8;

    private readonly TemporaryFolder _folder = new();
    private DiskObjectStore _disk = null!;
    private WatchedStore _store = null!;
    private RollupPlan _plan = null!;
    private JobRunner _runner = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private PlanStage Reduce => _plan.Stages.Single(stage => stage.Kind == RollupStage.Reduce);

    private PlanStage Report => _plan.Stages.Single(stage => stage.Kind == RollupStage.Report);

    private PlanStage SecondLevel => _plan.Stages.First(stage => stage is { Kind: RollupStage.Map, Level: 1 });

    /// <summary>A book that was rolled up to its reports, of which nothing is in memory.</summary>
    public async ValueTask InitializeAsync()
    {
        SamplePortfolio.Write(_folder["book"], new SampleOptions { Deals = 40, Trials = 1_000, EventsPerTrial = 5, Seed = 4 }, cancellationToken: Stop);
        _disk = new DiskObjectStore(_folder["objects"]);
        _store = new WatchedStore(_disk);
        var packer = new PortfolioPacker(_disk, new DiskDocumentStore(_folder["documents"]), new PackSettings(300, 2), _folder["work"]);
        PackedPortfolio packed = await packer.PackAsync(new FolderFiles(_folder["book"]), null, Stop);
        _plan = RollupPlan.Create(packed.Manifest, await packed.Manifest.ReadDealsAsync(_disk, Stop), RollupSettings.Default);
        await new DirectRollup(new JobRunner(_disk, new TableCache(_disk), _plan), _disk, 2).RunAsync(null, Stop);
        _runner = new JobRunner(_store, new TableCache(_disk), _plan);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData(RollupStage.Map)]
    [InlineData(RollupStage.Reduce)]
    [InlineData(RollupStage.Report)]
    public async Task Inputs_are_read_at_most_eight_at_a_time_and_the_output_is_the_same_bytes(RollupStage kind)
    {
        PlanStage stage = StageOf(kind);
        ObjectKey output = _plan.OutputsOf(stage, 0)[0];
        byte[] expected = await _disk.ReadAsync(output, Stop);
        await _disk.DeleteAsync(output, Stop);
        var gate = new TaskCompletionSource();
        _store.Gate = gate.Task;
        Task<JobOutcome> job = _runner.RunAsync(stage, 0, null, Stop).AsTask();
        for (int read = 0; read < Math.Min(AtOnce, InputsOf(stage).Count); read++)
        {
            await _store.Arrived.WaitAsync(Stop);
        }

        gate.SetResult();
        await job;
        Assert.Equal(expected, await _disk.ReadAsync(output, Stop));
        Assert.Equal(Math.Min(AtOnce, InputsOf(stage).Count), _store.MostUnderWay);
        Assert.InRange(_store.Lent, InputsOf(stage).Count, int.MaxValue);
        Assert.Equal(0, _store.NotReturned);
    }

    [Theory]
    [InlineData(RollupStage.Map)]
    [InlineData(RollupStage.Reduce)]
    [InlineData(RollupStage.Report)]
    public async Task When_one_read_fails_all_memory_is_given_back_and_no_read_goes_on(RollupStage kind)
    {
        PlanStage stage = StageOf(kind);
        IReadOnlyList<ObjectKey> inputs = InputsOf(stage);
        foreach (ObjectKey broken in inputs.Take(10).Append(inputs[^1]))
        {
            _store.FailureOf = key => key == broken ? new IOException("The cable is out.") : null;
            await Assert.ThrowsAsync<IOException>(async () => await _runner.RunAsync(stage, 0, null, Stop));
            Assert.Equal((0, 0), (_store.UnderWay, _store.NotReturned));
        }

        Assert.NotEqual(0, _store.Lent);
    }

    [Theory]
    [InlineData(RollupStage.Map)]
    [InlineData(RollupStage.Reduce)]
    [InlineData(RollupStage.Report)]
    public async Task A_job_names_all_inputs_that_it_cannot_read_missing_or_damaged(RollupStage kind)
    {
        PlanStage stage = StageOf(kind);
        ObjectKey[] lost = [.. InputsOf(stage).Where((_, number) => number % 3 != 1)];
        Assert.True(lost.Length > 1);
        for (int number = 0; number < lost.Length; number++)
        {
            if (number % 2 == 0)
            {
                await _disk.DeleteAsync(lost[number], Stop);
            }
            else
            {
                await DamageAsync(lost[number]);
            }
        }

        UnreadableObjectException unreadable = await Assert.ThrowsAsync<UnreadableObjectException>(async () => await _runner.RunAsync(stage, 0, null, Stop));
        Assert.Equal(lost.ToHashSet(), unreadable.Keys.ToHashSet());
        Assert.Equal(lost.Length, unreadable.Keys.Count);
        Assert.Contains($"{lost.Length} objects", unreadable.Message, StringComparison.Ordinal);
        Assert.Equal(0, _store.NotReturned);
    }

    [Fact]
    public async Task A_map_job_names_all_event_loss_tables_that_it_cannot_read_missing_or_damaged()
    {
        PlanStage stage = _plan.Stages[0];
        ObjectKey[] elts =
        [
            .. _plan.Bundles[_plan.MapJobAt(stage.Level, 0).Bundle].Layers.SelectMany(layer => layer.Sources)
                .Select(source => source.EltHash).OfType<string>().Distinct().Select(hash => new ObjectKey(ObjectKind.Elt, hash)),
        ];
        Assert.True(elts.Length > 1);
        ObjectKey[] lost = [elts[0], elts[^1]];
        await _disk.DeleteAsync(lost[0], Stop);
        await DamageAsync(lost[1]);

        UnreadableObjectException unreadable = await Assert.ThrowsAsync<UnreadableObjectException>(async () => await _runner.RunAsync(stage, 0, null, Stop));
        Assert.Equal(lost.ToHashSet(), unreadable.Keys.ToHashSet());
        Assert.Equal(0, _store.NotReturned);
    }

    [Fact]
    public async Task Ten_damaged_objects_are_produced_again_in_one_further_attempt()
    {
        ObjectKey[] lost = [.. InputsOf(Reduce).Take(10)];
        Assert.Equal(10, lost.Length);
        ObjectKey reduced = _plan.OutputsOf(Reduce, 0)[0];
        byte[] expected = await _disk.ReadAsync(reduced, Stop);
        await _disk.DeleteAsync(reduced, Stop);
        foreach (ObjectKey key in lost)
        {
            await DamageAsync(key);
        }

        var attempts = new AttemptCount();
        IReadOnlyList<StageProgress> stages = await new DirectRollup(_runner, _store, 2).RunAsync(attempts, Stop);
        Assert.Equal((2, 10), (attempts.Count, stages[(int)RollupStage.Map].Run));
        Assert.Equal(expected, await _disk.ReadAsync(reduced, Stop));
    }

    [Fact]
    public async Task Whoever_writes_results_names_all_outputs_that_cannot_be_read()
    {
        ObjectKey[] lost = [.. _plan.Groups.SelectMany(group => _plan.SourcesOf(group.Index, 1)).Distinct().Take(12)];
        Assert.Equal(12, lost.Length);
        foreach (ObjectKey key in lost)
        {
            await DamageAsync(key);
        }

        var writer = new ResultWriter(_store, _plan, RandomBook.Hash("manifest"));
        UnreadableObjectException unreadable = await Assert.ThrowsAsync<UnreadableObjectException>(
            () => writer.WriteAsync(_folder["results"], "run", DateTimeOffset.UnixEpoch, csv: true, null, Stop));
        Assert.Equal(lost.ToHashSet(), unreadable.Keys.ToHashSet());
        Assert.Empty(Directory.GetFiles(_folder["results"]));
        Assert.Equal(0, _store.NotReturned);
    }

    private PlanStage StageOf(RollupStage kind) => kind switch
    {
        RollupStage.Map => SecondLevel,
        RollupStage.Reduce => Reduce,
        _ => Report,
    };

    /// <summary>The objects that the first job of a stage reads, other jobs' outputs.</summary>
    private IReadOnlyList<ObjectKey> InputsOf(PlanStage stage)
    {
        switch (stage.Kind)
        {
            case RollupStage.Map:
                (int number, int block) = _plan.MapJobAt(stage.Level, 0);
                return [.. _plan.Bundles[number].Layers.SelectMany(layer => layer.Sources)
                    .Where(source => source.EltHash is null && source.Bundle != number)
                    .Select(source => _plan.RecoveriesKey(source.Bundle, block)!.Value).Distinct()];
            case RollupStage.Reduce:
                return [.. _plan.Bundles.Select(bundle => _plan.MapKey(bundle.Index, 0))];
            default:
                return [.. Enumerable.Range(0, _plan.Manifest.Blocks.Count).Select(_plan.ReduceKey)];
        }
    }

    /// <summary>Changes a byte that every reader of the object checks: one of its directory.</summary>
    private async Task DamageAsync(ObjectKey key)
    {
        byte[] bytes = await _disk.ReadAsync(key, Stop);
        bytes[16] ^= 1;
        await _disk.DeleteAsync(key, Stop);
        await _disk.WriteAsync(key, bytes, Stop);
    }

    /// <summary>Counts how often a rollup began: its first job is then done for the first time.</summary>
    private sealed class AttemptCount : IProgress<StageProgress>
    {
        public int Count { get; private set; }

        public void Report(StageProgress value) => Count += value is { Stage: RollupStage.Map, Done: 1 } ? 1 : 0;
    }
}
