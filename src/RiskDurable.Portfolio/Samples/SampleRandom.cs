using System.Numerics;
using RiskDurable.Kernel;

namespace RiskDurable.Portfolio.Samples;

/// <summary>
/// A random generator of our own, so that a seed means the same everywhere and always: xoshiro256** (D. Blackman and S. Vigna,
/// "Scrambled linear pseudorandom number generators", ACM TOMS 47, 2021), seeded by splitmix64. Each thing that is drawn has a
/// stream of its own, so that more deals or trials leave the others as they are.
/// </summary>
internal sealed class SampleRandom
{
    private ulong _a;
    private ulong _b;
    private ulong _c;
    private ulong _d;
    private double _spareNormal = double.NaN;

    public SampleRandom(long seed, SampleStream stream, long index) => Restart(seed, stream, index);

    /// <summary>Starts over as another stream.</summary>
    public void Restart(long seed, SampleStream stream, long index)
    {
        ulong state = (ulong)seed;
        state = Mix(ref state) ^ (ulong)stream;
        state = Mix(ref state) ^ (ulong)index;
        (_a, _b, _c, _d) = (Mix(ref state), Mix(ref state), Mix(ref state), Mix(ref state));
        _spareNormal = double.NaN;
    }

    /// <summary>Uniform in [0, 1).</summary>
    public double Unit() => (Next() >> 11) * (1.0 / (1L << 53));

    /// <summary>Uniform in [from, to).</summary>
    public double Between(double from, double to) => from + ((to - from) * Unit());

    /// <summary>Uniform among 0 .. count - 1.</summary>
    public int Below(int count) => (int)Math.BigMul(Next(), (ulong)count, out _);

    /// <summary>True with the given probability.</summary>
    public bool Chance(double probability) => Unit() < probability;

    /// <summary>Standard normal (polar method of Marsaglia).</summary>
    public double Normal()
    {
        if (!double.IsNaN(_spareNormal))
        {
            double spare = _spareNormal;
            _spareNormal = double.NaN;
            return spare;
        }

        while (true)
        {
            double x = (2 * Unit()) - 1;
            double y = (2 * Unit()) - 1;
            double s = (x * x) + (y * y);
            if (s is > 1e-300 and < 1)
            {
                double scale = Math.Sqrt(-2 * PortableMath.Log(s) / s);
                _spareNormal = y * scale;
                return x * scale;
            }
        }
    }

    /// <summary>Lognormal with median 1.</summary>
    public double LogNormal(double sigma) => PortableMath.Exp(sigma * Normal());

    /// <summary>Exponential with mean 1.</summary>
    public double Exponential() => -PortableMath.Log(1 - Unit());

    /// <summary>Pareto with minimum 1.</summary>
    public double Pareto(double shape) => PortableMath.Exp(Exponential() / shape);

    /// <summary>Gamma with scale 1 (Marsaglia and Tsang, ACM TOMS 26, 2000).</summary>
    /// <param name="shape">At least 1.</param>
    public double Gamma(double shape)
    {
        double d = shape - (1.0 / 3);
        double c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            double x = Normal();
            double v = 1 + (c * x);
            if (v <= 0)
            {
                continue;
            }

            v = v * v * v;
            double u = 1 - Unit();
            if (PortableMath.Log(u) < (0.5 * x * x) + d - (d * v) + (d * PortableMath.Log(v)))
            {
                return d * v;
            }
        }
    }

    /// <summary>Poisson: uniforms are multiplied until the product is small enough, in steps, so that it cannot underflow.</summary>
    public int Poisson(double mean)
    {
        const double Step = 64;
        int count = 0;
        for (double left = mean; left > 0; left -= Step)
        {
            double limit = PortableMath.Exp(-Math.Min(left, Step));
            for (double product = 1 - Unit(); product > limit; product *= 1 - Unit())
            {
                count++;
            }
        }

        return count;
    }

    private ulong Next()
    {
        ulong result = BitOperations.RotateLeft(_b * 5, 7) * 9;
        ulong t = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= t;
        _d = BitOperations.RotateLeft(_d, 45);
        return result;
    }

    private static ulong Mix(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15;
        ulong z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}

/// <summary>What a stream of random numbers is for.</summary>
internal enum SampleStream
{
    /// <summary>The events of a peril.</summary>
    Peril = 1,

    /// <summary>One year of the year-event table.</summary>
    Year,

    /// <summary>One ELT.</summary>
    Elt,

    /// <summary>One deal.</summary>
    Deal,

    /// <summary>One of the years that terms are set by.</summary>
    CalibrationYear,

    /// <summary>The order of the deals in the file.</summary>
    FileOrder,
}
