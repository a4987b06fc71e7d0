using CsCheck;

namespace RiskDurable.Kernel.Tests.Simulation;

public sealed class OccurrenceSumTests
{
    // Positions reach over three windows.
    private static readonly Gen<(int[] Positions, int[] Losses, int Factor)[]> Lists =
        Gen.Select(
            Gen.Int[0, 20_000].Array[0, 60].Select(positions => positions.Distinct().Order().ToArray()),
            Gen.Int[-3, 3].Array[60],
            Gen.Int[-2, 2]).Array[0, 6];

    [Fact]
    public void Sums_come_back_in_order_without_zeros_and_nothing_stays_behind()
    {
        var memory = new LossMemory();
        var sum = new OccurrenceSum(memory);
        double[] absolutes = [];
        Lists.Sample(
            lists =>
            {
                var all = lists.SelectMany(list => list.Positions.Select((position, i) => (position, Loss: (double)(list.Factor * list.Losses[i]))))
                    .GroupBy(entry => entry.position, entry => entry.Loss)
                    .Select(group => (Position: group.Key, Sum: group.Sum(), Absolute: group.Sum(Math.Abs)))
                    .Where(entry => entry.Sum != 0)
                    .OrderBy(entry => entry.Position)
                    .ToArray();

                Add();
                OccurrenceLosses sums = sum.End();
                Assert.Equal(all.Select(entry => (entry.Position, entry.Sum)), sums.Positions.ToArray().Zip(sums.Losses.ToArray()));

                Add();
                OccurrenceLosses changes = sum.End(ref absolutes);
                Assert.Equal(all.Select(entry => (entry.Position, entry.Sum)), changes.Positions.ToArray().Zip(changes.Losses.ToArray()));
                Assert.Equal(all.Select(entry => entry.Absolute), absolutes[..changes.Count]);
                memory.TakeBack();

                void Add()
                {
                    sum.Begin();
                    foreach ((int[] positions, int[] losses, int factor) in lists)
                    {
                        sum.Add(new OccurrenceLosses(positions, [.. losses.Take(positions.Length).Select(loss => (double)loss)]), factor);
                    }
                }
            },
            threads: 1);
    }
}
