using CsCheck;
using RiskDurable.Kernel.Metrics;

namespace RiskDurable.Kernel.Tests.Metrics;

/// <summary>Year losses as nodes have them: mostly zeros, ties at limits, some negative, sometimes none at all.</summary>
internal static class LossGenerators
{
    private static readonly Gen<double> Loss = Gen.Frequency(
        (6, Gen.Const(0.0)),
        (1, Gen.Const(-0.0)),
        (5, Gen.Double[1e-3, 1e9]),
        (3, Gen.Int[1, 4].Select(limits => limits * 1_000_000.1)),
        (1, Gen.Double[-1e6, -1e-3]),
        (1, Gen.Int[1, 2].Select(limits => limits * -250_000.3)));

    private static readonly Gen<double> Positive = Gen.Frequency((3, Gen.Double[1e-3, 1e9]), (2, Gen.Int[1, 3].Select(n => n * 0.1)));

    private static readonly Gen<double> Negative = Positive.Select(loss => -loss);

    /// <summary>Losses of 1 to some thousand trials, across chunk boundaries.</summary>
    public static Gen<double[]> Years { get; } = Gen.Frequency(
        (6, Loss.Array[1, 60]),
        (3, Loss.Array[4_000, 9_000]),
        (1, Positive.Array[1, 3_000]),
        (1, Negative.Array[1, 300]),
        (1, Gen.Const(0.0).Array[1, 50]));

    /// <summary>A return period that so many trials reach, whole ranks among them.</summary>
    public static Gen<double> ReturnPeriod(int trials) => Gen.Frequency(
        (1, Gen.Double[1, trials]),
        (2, Gen.Double[1, trials].Select(rank => trials / rank)),
        (1, Gen.Int[1, trials].Select(rank => (double)trials / rank)));

    /// <summary>Losses with a return period.</summary>
    public static Gen<(double[] Losses, double ReturnPeriod)> YearsAndReturnPeriod { get; } =
        Years.SelectMany(losses => ReturnPeriod(losses.Length).Select(returnPeriod => (losses, returnPeriod)));

    /// <summary>The trials that are not 0, or a mixture with explicit zeros when <paramref name="keep"/> says so.</summary>
    public static (int[] Trials, double[] Amounts) Sparse(double[] losses, Func<int, bool>? keep = null)
    {
        int[] trials = [.. Enumerable.Range(0, losses.Length).Where(trial => losses[trial] != 0 || (keep is not null && keep(trial)))];
        return (trials, [.. trials.Select(trial => losses[trial])]);
    }

    public static YearLosses AsYearLosses(this (int[] Trials, double[] Amounts) sparse, int trialCount) =>
        YearLosses.Sparse(sparse.Trials, sparse.Amounts, trialCount);
}
