using CsCheck;

namespace RiskDurable.Kernel.Tests.Simulation;

public sealed class LossRollupTests
{
    private const int Occurrences = 50_000;
    private const int Trials = 25;

    // Few positions, far apart: lists meet at an occurrence now and then, and leave long parts of the block empty.
    private static readonly Gen<OccurrenceLosses> List = Gen.Select(Gen.Int[0, 249], Gen.Double[-1e3, 1e3]).Array[0, 60].Select(entries =>
    {
        (int Position, double Loss)[] ordered = [.. entries.DistinctBy(entry => entry.Item1).Select(entry => (200 * entry.Item1 + (entry.Item1 & 1), entry.Item2)).OrderBy(entry => entry.Item1)];
        return new OccurrenceLosses([.. ordered.Select(entry => entry.Position)], [.. ordered.Select(entry => entry.Loss)]);
    });

    [Fact]
    public void A_sum_adds_an_occurrences_losses_in_the_order_of_the_lists_and_leaves_out_zeros()
    {
        TrialBlock block = Block();
        var rollup = new LossRollup();
        Gen.Select(List, Gen.Double[-2, 2]).Array[0, 12].Sample(
            terms =>
            {
                rollup.Begin(block);
                double[] sums = new double[Occurrences];
                foreach ((OccurrenceLosses losses, double factor) in terms)
                {
                    rollup.Add(losses, BlockYearLosses.None, factor);
                    for (int i = 0; i < losses.Count; i++)
                    {
                        sums[losses.Positions[i]] += factor * losses.Losses[i];
                    }
                }

                (OccurrenceLosses occurrences, BlockYearLosses years) = rollup.End();
                int[] expected = [.. Enumerable.Range(0, Occurrences).Where(position => sums[position] != 0)];
                Assert.Equal(expected, occurrences.Positions);
                Assert.Equal(expected.Select(position => sums[position]), occurrences.Losses.ToArray());
                const int Length = Occurrences / Trials;
                for (int i = 0; i < years.Count; i++)
                {
                    double[] ofTrial = sums[(years.Trials[i] * Length)..((years.Trials[i] + 1) * Length)];
                    Assert.Equal(ofTrial.Aggregate(0.0, (sum, loss) => sum + loss), years.Aggregate[i]);
                    Assert.Equal(Math.Max(ofTrial.Max(), 0), years.MaxOccurrence[i]);
                }
            },
            threads: 1);
    }

    [Fact]
    public void Reinstatement_premiums_add_up_by_trial_with_their_factors()
    {
        var rollup = new LossRollup();
        rollup.Begin(Block());
        rollup.Add(OccurrenceLosses.None, new BlockYearLosses([3, 7], [0, 0], [0, 0], [10, 20]), 0.5);
        rollup.Add(OccurrenceLosses.None, new BlockYearLosses([7, 9], [0, 0], [0, 0], [4, 6]), -1);
        (_, BlockYearLosses years) = rollup.EndWithoutYears();
        Assert.Equal([3, 7, 9], years.Trials);
        Assert.Equal([5, 6, -6], years.ReinstatementPremium);
    }

    private static TrialBlock Block()
    {
        var builder = new TrialBlockBuilder(0, Trials, hasUniforms: false);
        builder.Add(
            [.. Enumerable.Range(0, Occurrences).Select(i => i / (Occurrences / Trials))], [.. Enumerable.Range(0, Occurrences).Select(i => (long)(i % 10))], new double[Occurrences], []);
        return builder.Build();
    }
}
