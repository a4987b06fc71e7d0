using System.Runtime.Intrinsics;
using BenchmarkDotNet.Attributes;
using RiskDurable.Kernel.Sampling;

namespace RiskDurable.Bench.Micro;

/// <summary>What a drawn loss is made of, for 4,096 occurrences.</summary>
public class DrawLoops
{
    private const int Draws = 4_096;

    private readonly BetaQuantile _quantile = new();
    private readonly BetaShape _shape = BetaShape.Of(0.3, 7.0);
    private readonly double[] _uniforms = new double[Draws];

    [GlobalSetup]
    public void Prepare()
    {
        _quantile.Set(_shape);
        for (int i = 0; i < Draws; i++)
        {
            _uniforms[i] = (i + 0.5) / Draws;
        }
    }

    /// <summary>Uniforms from counters.</summary>
    [Benchmark(OperationsPerInvoke = Draws)]
    public Vector256<double> PhiloxUniforms()
    {
        Vector256<double> sum = Vector256<double>.Zero;
        Vector256<ulong> indices = Vector256.Create(0UL, 1, 2, 3);
        for (int i = 0; i < Draws; i += Vector256<double>.Count)
        {
            sum += Philox.Uniforms(Vector256.Create((ulong)i), indices, stream: 7, seed: 1);
        }

        return sum;
    }

    /// <summary>A distribution taken on from the tables; once a row of an ELT and run of occurrences.</summary>
    [Benchmark]
    public void QuantileSetUp() => _quantile.Set(_shape);

    /// <summary>Quantiles of one distribution.</summary>
    [Benchmark(OperationsPerInvoke = Draws)]
    public Vector256<double> BetaQuantiles()
    {
        Vector256<double> sum = Vector256<double>.Zero;
        for (int i = 0; i < Draws; i += Vector256<double>.Count)
        {
            Vector256<double> q = Vector256.Create(_uniforms, i);
            sum += _quantile.Of(q, Vector256<double>.One - q);
        }

        return sum;
    }

    /// <summary>Normal quantiles.</summary>
    [Benchmark(OperationsPerInvoke = Draws)]
    public Vector256<double> NormalQuantiles()
    {
        Vector256<double> sum = Vector256<double>.Zero;
        for (int i = 0; i < Draws; i += Vector256<double>.Count)
        {
            sum += NormalDistribution.Quantile(Vector256.Create(_uniforms, i));
        }

        return sum;
    }
}
