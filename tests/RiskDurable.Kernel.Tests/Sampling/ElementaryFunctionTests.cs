using System.Runtime.Intrinsics;
using RiskDurable.Kernel.Sampling;
using RiskDurable.Kernel.Tests.Metrics;

namespace RiskDurable.Kernel.Tests.Sampling;

public sealed class ElementaryFunctionTests
{
    [Fact]
    public void Exponential_and_logarithm_agree_with_the_library_to_two_units_in_the_last_place()
    {
        var random = new SplitMix(11);
        for (int i = 0; i < 20_000; i++)
        {
            double x = 690 * ((2 * random.Uniform()) - 1) * Math.Pow(10, -12 * random.Uniform());
            (Vector256<double> exp, Vector256<double> less1) = PortableVectorMath.Exp(Vector256.Create(x));
            AssertClose(Math.Exp(x), exp[i & 3]);
            AssertClose(PortableMath.ExpM1(x), less1[i & 3]);
            double y = Math.Exp(x);
            AssertClose(Math.Log(y), PortableVectorMath.Log(Vector256.Create(y))[i & 3], 1e-16);
        }
    }

    [Fact]
    public void Small_arguments_lose_nothing()
    {
        foreach (double x in new[] { 1e-18, -1e-12, 1e-7, -0.01, 0.3 })
        {
            double exact = 0;
            for (int n = 15; n >= 1; n--)
            {
                exact = x / n * (1 + exact);
            }

            AssertClose(exact, PortableMath.ExpM1(x));
            AssertClose(exact, PortableVectorMath.Exp(Vector256.Create(x)).ExpM1[0]);
            AssertClose(x, PortableMath.Log1P(exact), 1e-18);
        }
    }

    [Fact]
    public void The_exponential_of_what_is_far_below_is_nothing()
    {
        (Vector256<double> exp, Vector256<double> less1) = PortableVectorMath.Exp(Vector256.Create(-1e9, -701, -700, 0));
        Assert.Equal(0, exp[0]);
        Assert.Equal(0, exp[1]);
        AssertClose(Math.Exp(-700), exp[2]);
        Assert.Equal(1, exp[3]);
        Assert.Equal(Vector256.Create(-1.0, -1, -1, 0), less1);
    }

    /// <summary>Values to 17 digits from mpmath's ncdf at 40 digits.</summary>
    [Theory]
    [InlineData(0, 0.5, 1e-15)]
    [InlineData(1, 0.15865525393145705, 1e-15)]
    [InlineData(2.5, 0.0062096653257761352, 1e-14)]
    [InlineData(4, 3.1671241833119921e-05, 2e-13)]
    [InlineData(7, 1.2798125438858350e-12, 3e-9)]
    [InlineData(12, 1.7764821120776823e-33, 2e-7)]
    public void The_normal_tail_is_right(double deviation, double tail, double tolerance) =>
        Assert.Equal(1, NormalDistribution.Tail(Vector256.Create(deviation))[2] / tail, tolerance);

    [Theory]
    [InlineData(0.5, 0)]
    [InlineData(0.84134474606854295, 1)]
    [InlineData(0.97724986805182079, 2)]
    [InlineData(0.0062096653257761352, -2.5)]
    [InlineData(3.1671241833119921e-05, -4)]
    [InlineData(1.2798125438858350e-12, -7)]
    [InlineData(1.7764821120776823e-33, -12)]
    public void The_normal_quantile_is_right(double p, double quantile) =>
        Assert.Equal(quantile, NormalDistribution.Quantile(Vector256.Create(0.5, p, 0.01, 0.99))[1], 5e-15);

    private static void AssertClose(double expected, double actual, double absolute = 0) =>
        Assert.True(Math.Abs(actual - expected) <= (6e-16 * Math.Abs(expected)) + absolute, $"{actual:R} instead of {expected:R}");
}
