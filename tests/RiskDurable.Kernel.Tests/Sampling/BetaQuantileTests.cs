using System.Runtime.Intrinsics;
using RiskDurable.Kernel.Sampling;
using RiskDurable.Reference;

namespace RiskDurable.Kernel.Tests.Sampling;

/// <summary>The tables against the density integrated and searched, over U-shaped, J-shaped, bell-shaped and nearly degenerate distributions.</summary>
public sealed class BetaQuantileTests
{
    private static readonly double[] Shapes = [1e-6, 1e-3, 0.013, 0.08, 0.3, 0.9, 2.6, 11, 140, 2e6];

    private static readonly double[] Probabilities =
        [1e-15, 1e-6, 0.003, 0.1, 0.35, 0.4999, 0.5, 0.6, 0.8, 0.93, 0.985, 0.998, 0.9999, 1 - 1e-6, 1 - 1e-14];

    public static TheoryData<double> FirstShapes => [.. Shapes];

    [Theory]
    [MemberData(nameof(FirstShapes))]
    public void Quantiles_are_as_near_as_promised(double alpha)
    {
        var quantile = new BetaQuantile();
        foreach (double beta in Shapes)
        {
            var exact = new BetaDistribution(alpha, beta);
            quantile.Set(BetaShape.Of(alpha, beta));
            foreach (double q in Probabilities)
            {
                (double x, double _) = exact.Quantile(q, 1 - q);
                double tabulated = At(quantile, q);

                // Where both shapes are so small that the loss jumps within the rounding of q, the jump may lie on either side of it.
                double rounding = 4e-16 / Math.Max(Math.Min(alpha, beta), 1e-9);
                double error = Math.Abs(tabulated - x);
                Assert.True(error <= 3e-7 + rounding, $"beta({alpha}, {beta}) at {q}: {tabulated:R} instead of {x:R}");
                if (q is >= 0.5 and <= 0.9999)
                {
                    Assert.True(error <= ((1e-5 + rounding) * x) + 1e-300, $"beta({alpha}, {beta}) at {q}: {tabulated:R} instead of {x:R}");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(FirstShapes))]
    public void The_mean_is_kept(double alpha)
    {
        var quantile = new BetaQuantile();
        foreach (double beta in Shapes.Where(shape => Math.Min(shape, alpha) >= 0.01))
        {
            quantile.Set(BetaShape.Of(alpha, beta));
            Assert.Equal(1, MeanOf(quantile, alpha, beta) / (alpha / (alpha + beta)), 1e-6);
        }
    }

    [Fact]
    public void Quantiles_ascend()
    {
        var quantile = new BetaQuantile();
        foreach ((double alpha, double beta) in new[] { (0.02, 0.05), (0.2, 3000.0), (0.9, 0.4), (7, 2.5), (300, 1e5) })
        {
            quantile.Set(BetaShape.Of(alpha, beta));
            double last = 0;
            for (int i = 0; i < 20_000; i++)
            {
                double next = At(quantile, (i + 0.5) / 20_000);
                Assert.True(next >= last * (1 - 1e-12), $"beta({alpha}, {beta}) at {i}: {next:R} after {last:R}");
                last = next;
            }

            Assert.InRange(last, 0, 1);
        }
    }

    [Fact]
    public void Every_lane_gives_the_same()
    {
        var quantile = new BetaQuantile();
        quantile.Set(BetaShape.Of(0.7, 12));
        Vector256<double> q = Vector256.Create(0.01, 0.4, 0.8, 1 - 1e-10);
        Vector256<double> together = quantile.Of(q, Vector256<double>.One - q);
        for (int lane = 0; lane < 4; lane++)
        {
            Assert.Equal(At(quantile, q[lane]), together[lane]);
        }
    }

    [Fact]
    public void A_deviation_at_its_bound_is_nearly_all_or_nothing()
    {
        double bound = Math.Sqrt(0.3 * 0.7);
        var quantile = new BetaQuantile();
        quantile.Set(BetaShape.Of(0.3, 0.7, bound));
        Assert.Equal(0, At(quantile, 0.69), 1e-12);
        Assert.Equal(1, At(quantile, 0.71), 1e-12);
    }

    private static double At(BetaQuantile quantile, double q) => quantile.Of(Vector256.Create(q), Vector256.Create(1 - q))[0];

    /// <summary>The mean of the tabulated quantile over the exact distribution, whose density in ln(x / (1 - x)) is smooth and falls off exponentially.</summary>
    private static double MeanOf(BetaQuantile quantile, double alpha, double beta)
    {
        const int Steps = 20_000;
        double centre = Math.Log(alpha / beta);
        double width = 1 / Math.Sqrt(alpha * beta / (alpha + beta));
        double start = centre - (9 * width) - (40 / alpha);
        double end = centre + (9 * width) + (40 / beta);
        double step = (end - start) / Steps;
        double[] density = new double[Steps + 1];
        double[] slope = new double[Steps + 1];
        double atCentre = LogDensity(centre);
        for (int i = 0; i <= Steps; i++)
        {
            double y = start + (i * step);
            density[i] = Math.Exp(LogDensity(y) - atCentre);
            slope[i] = density[i] * (alpha - ((alpha + beta) / (1 + Math.Exp(-y))));
        }

        // Cumulated from both ends, with the first Euler-Maclaurin term, so that both tails keep their digits.
        double[] below = new double[Steps + 1];
        double[] above = new double[Steps + 1];
        for (int i = 1; i <= Steps; i++)
        {
            below[i] = below[i - 1] + (step / 2 * (density[i - 1] + density[i])) - (step * step / 12 * (slope[i] - slope[i - 1]));
            int j = Steps - i;
            above[j] = above[j + 1] + (step / 2 * (density[j] + density[j + 1])) - (step * step / 12 * (slope[j + 1] - slope[j]));
        }

        double mean = 0;
        for (int i = 1; i < Steps; i++)
        {
            if (below[i] > 0 && above[i] > 0)
            {
                double total = below[i] + above[i];
                mean += density[i] * quantile.Of(Vector256.Create(below[i] / total), Vector256.Create(above[i] / total))[0];
            }
        }

        return mean * step / below[Steps];

        double LogDensity(double y) => (alpha * y) - ((alpha + beta) * (y > 0 ? y + Math.Log(1 + Math.Exp(-y)) : Math.Log(1 + Math.Exp(y))));
    }
}
