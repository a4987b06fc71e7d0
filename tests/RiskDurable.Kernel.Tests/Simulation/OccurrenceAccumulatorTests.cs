using CsCheck;

namespace RiskDurable.Kernel.Tests.Simulation;

public sealed class OccurrenceAccumulatorTests
{
    [Fact]
    public void Sums_come_back_in_order_without_zeros_and_nothing_stays_behind()
    {
        var accumulator = new OccurrenceAccumulator();
        Gen.Select(Gen.Int[0, 199], Gen.Int[-3, 3]).Array[0, 300].Sample(
            entries =>
            {
                accumulator.EnsureCapacity(200);
                foreach ((int position, int loss) in entries)
                {
                    accumulator.Add(position, loss);
                }

                OccurrenceLosses drained = accumulator.Drain();
                (int Key, double)[] expected =
                [
                    .. entries.GroupBy(entry => entry.Item1, entry => (double)entry.Item2)
                        .Select(group => (group.Key, group.Sum()))
                        .Where(group => group.Item2 != 0)
                        .OrderBy(group => group.Key),
                ];
                Assert.Equal(expected, drained.Positions.ToArray().Zip(drained.Losses.ToArray()));
                Assert.Equal(0, accumulator.Drain().Count);
            },
            threads: 1);
    }
}
