using CsCheck;

namespace RiskDurable.Kernel.Tests.Simulation;

public sealed class TrialBlockBuilderTests
{
    // Ids close together are indexed in another way than ids from anywhere.
    private static readonly Gen<(int Trial, long Event, double Day)[]> Rows = Gen.OneOf(
        RowsOf(Gen.Long[0, 20]),
        RowsOf(Gen.Long[-1_000_000, -990_000]),
        RowsOf(Gen.Long[long.MaxValue - 2_000, long.MaxValue]),
        RowsOf(Gen.OneOf(Gen.Long[0, 20], Gen.Long, Pick.From(long.MinValue, long.MaxValue, 0L))));

    [Fact]
    public void Occurrences_are_ordered_by_trial_then_day_then_place_in_the_file_and_grouped_by_event() => Rows.Sample(rows =>
    {
        TrialBlock block = Build(rows, firstTrial: 30, trialCount: 10);
        (int Trial, long Event)[] expected =
        [
            .. rows.Select((row, index) => (row, index))
                .OrderBy(entry => entry.row.Trial).ThenBy(entry => entry.row.Day).ThenBy(entry => entry.index)
                .Select(entry => (entry.row.Trial, entry.row.Event)),
        ];
        var found = new (int Trial, long Event)[expected.Length];
        for (int e = 0; e < block.EventIds.Length; e++)
        {
            for (int i = block.EventStarts[e]; i < block.EventStarts[e + 1]; i++)
            {
                found[block.Positions[i]] = (block.TrialOf(i), block.EventIds[e]);
                Assert.True(i == block.EventStarts[e] || block.Positions[i] > block.Positions[i - 1]);
            }
        }

        Assert.Equal(expected, found);
        Assert.Equal(Enumerable.Range(0, 11).Select(trial => rows.Count(row => row.Trial < trial)), block.TrialStarts);
    });

    [Fact]
    public void A_trial_outside_the_block_is_refused()
    {
        var builder = new TrialBlockBuilder(100, 10, hasUniforms: false);
        Assert.Throws<ArgumentException>(() => builder.Add([110], [1], [0.5], []));
        Assert.Throws<ArgumentException>(() => builder.Add([99], [1], [0.5], []));
    }

    [Fact]
    public void Uniforms_follow_their_occurrences_into_the_order_of_time()
    {
        var builder = new TrialBlockBuilder(0, 1, hasUniforms: true);
        builder.Add([0, 0, 0], [7, 8, 9], [3, 1, 2], [0.3, 0.1, 0.2]);
        Assert.Equal([0.1, 0.2, 0.3], builder.Build().Uniforms!);
    }

    [Fact]
    public void A_builder_that_starts_over_remembers_nothing_of_the_block_before() => Gen.Select(Rows, Rows).Sample((before, rows) =>
    {
        var builder = new TrialBlockBuilder(0, 10, hasUniforms: false);
        Build(builder, before);
        builder.Begin(30, 12);
        TrialBlock again = Build(builder, rows);
        TrialBlock fresh = Build(rows, firstTrial: 30, trialCount: 12);
        Assert.Equal(fresh.FirstTrial, again.FirstTrial);
        Assert.Equal(fresh.TrialStarts, again.TrialStarts);
        Assert.Equal(fresh.EventIds, again.EventIds);
        Assert.Equal(fresh.EventStarts, again.EventStarts);
        Assert.Equal(fresh.Positions, again.Positions);
    });

    [Fact]
    public void A_block_takes_no_more_memory_than_its_numbers_let_expect() => Rows.Sample(rows =>
    {
        TrialBlock block = Build(rows, firstTrial: 0, trialCount: 10);
        TrialBlock wrapped = new(0, block.TrialStarts, block.EventIds, block.EventStarts, block.Positions);
        long most = TrialBlock.MostBytes(block.TrialCount, block.OccurrenceCount, block.EventIds.Length);
        Assert.True(block.MostSizeInBytes <= most);
        Assert.True(wrapped.MostSizeInBytes <= most);
    });

    private static Gen<(int Trial, long Event, double Day)[]> RowsOf(Gen<long> events) =>
        Gen.Select(Gen.Int[0, 9], events, Gen.Int[0, 5].Select(day => day * 0.5)).Array[0, 300];

    internal static TrialBlock Build((int Trial, long Event, double Day)[] rows, int firstTrial, int trialCount) =>
        Build(new TrialBlockBuilder(firstTrial, trialCount, hasUniforms: false), rows);

    private static TrialBlock Build(TrialBlockBuilder builder, (int Trial, long Event, double Day)[] rows)
    {
        foreach ((int Trial, long Event, double Day)[] part in rows.Chunk(7))
        {
            builder.Add([.. part.Select(row => builder.FirstTrial + row.Trial)], [.. part.Select(row => row.Event)], [.. part.Select(row => row.Day)], []);
        }

        return builder.Build();
    }
}
