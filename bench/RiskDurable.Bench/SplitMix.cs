namespace RiskDurable.Bench;

/// <summary>SplitMix64: the same data on every machine.</summary>
internal struct SplitMix(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        ulong z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    public uint Below(uint bound) => (uint)(((Next() >> 32) * bound) >> 32);

    public double Uniform() => (Next() >> 11) * (1.0 / (1UL << 53));
}
