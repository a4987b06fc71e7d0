using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace RiskDurable.Reference;

/// <summary>Losses drawn as the definitions say: a beta distribution for each row, its quantile found by search, a counter-based generator.</summary>
internal sealed class SampledLosses(ulong seed)
{
    /// <summary>How far a sound approximation of a quantile may be off, as a share of the exposure.</summary>
    public const double Error = 1e-6;

    private readonly Dictionary<(double, double), BetaDistribution> _distributions = [];
    private readonly Dictionary<string, ulong> _streams = [];

    /// <summary>The loss of an occurrence to an ELT, in its currency.</summary>
    /// <param name="elt">The ELT's id.</param>
    /// <param name="row">Its row.</param>
    /// <param name="trial">The trial, from 1.</param>
    /// <param name="index">Index of the occurrence in the ordered trial, from 0.</param>
    /// <param name="z">The YET's uniform; null where it has none.</param>
    public double Loss(string elt, LossRow row, int trial, int index, double? z)
    {
        double deviation = row.SdIndependent + row.SdCorrelated;
        if (row.MeanLoss == 0 || deviation == 0)
        {
            return row.MeanLoss;
        }

        double mu = row.MeanLoss / row.Exposure;
        double sigma = deviation / row.Exposure;
        double nu = (mu * (1 - mu) / (sigma * sigma)) - 1;
        double own = Uniform(trial, index, _streams.TryGetValue(elt, out ulong stream) ? stream : _streams[elt] = StreamOf(elt));
        (double q, double complement) = (own, 1 - own);
        if (row.SdCorrelated > 0)
        {
            double w = row.SdCorrelated / deviation * (row.SdCorrelated / deviation);
            double t = (Math.Sqrt(w) * NormalQuantile(z ?? Uniform(trial, index, 0))) + (Math.Sqrt(1 - w) * NormalQuantile(own));
            (q, complement) = (NormalDistribution(t), NormalDistribution(-t));
        }

        (double, double) shapes = (mu * nu, (1 - mu) * nu);
        BetaDistribution distribution = _distributions.TryGetValue(shapes, out BetaDistribution? known) ? known : _distributions[shapes] = new(shapes.Item1, shapes.Item2);
        return row.Exposure * distribution.Quantile(q, complement).X;
    }

    private static ulong StreamOf(string id) => BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(id)));

    private double Uniform(int trial, int index, ulong stream)
    {
        uint[] words = Philox([(uint)(trial - 1), (uint)index, (uint)stream, (uint)(stream >> 32)], (uint)seed, (uint)(seed >> 32));
        ulong bits = (((ulong)words[0] << 32) | words[1]) >> 12;
        return (bits + 0.5) / (1UL << 52);
    }

    /// <summary>Philox 4x32-10 (Salmon et al. 2011).</summary>
    private static uint[] Philox(uint[] counter, uint key0, uint key1)
    {
        for (int round = 0; round < 10; round++)
        {
            ulong first = 0xD2511F53UL * counter[0];
            ulong second = 0xCD9E8D57UL * counter[2];
            counter = [(uint)(second >> 32) ^ counter[1] ^ key0, (uint)second, (uint)(first >> 32) ^ counter[3] ^ key1, (uint)first];
            key0 = unchecked(key0 + 0x9E3779B9);
            key1 = unchecked(key1 + 0xBB67AE85);
        }

        return counter;
    }

    /// <summary>The normal distribution function by its series, and far out by its continued fraction.</summary>
    private static double NormalDistribution(double t)
    {
        double density = Math.Exp(-t * t / 2) / Math.Sqrt(2 * Math.PI);
        if (Math.Abs(t) > 3)
        {
            double fraction = 0;
            for (int n = 200; n >= 1; n--)
            {
                fraction = n / (Math.Abs(t) + fraction);
            }

            double tail = density / (Math.Abs(t) + fraction);
            return t < 0 ? tail : 1 - tail;
        }

        double sum = 0;
        double term = t;
        for (int n = 1; Math.Abs(term) > 1e-18 * Math.Abs(sum); n++)
        {
            sum += term;
            term *= t * t / ((2 * n) + 1);
        }

        return 0.5 + (density * sum);
    }

    private static double NormalQuantile(double p)
    {
        (double low, double high) = (-12, 12);
        for (int i = 0; i < 60; i++)
        {
            double middle = (low + high) / 2;
            bool below = p < 0.5 ? NormalDistribution(middle) < p : NormalDistribution(-middle) > 1 - p;
            (low, high) = below ? (middle, high) : (low, middle);
        }

        return (low + high) / 2;
    }
}
