using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace RiskDurable.Kernel.Sampling;

/// <summary>
/// Philox 4x32-10, a counter-based generator: a number follows from its counter and key alone, so that nothing depends on what was drawn
/// before (J. K. Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011). Four counters at a time.
/// </summary>
internal static class Philox
{
    private const ulong Multiplier0 = 0xD2511F53;
    private const ulong Multiplier1 = 0xCD9E8D57;
    private const uint Weyl0 = 0x9E3779B9;
    private const uint Weyl1 = 0xBB67AE85;
    private const int Rounds = 10;
    private const double TwoTo52 = 4503599627370496;

    /// <summary>Scrambles four counters of four 32-bit words; each word stands in the low half of a lane.</summary>
    /// <param name="word0">First word of each counter; of the result afterwards.</param>
    /// <param name="word1">Second words.</param>
    /// <param name="word2">Third words.</param>
    /// <param name="word3">Fourth words.</param>
    /// <param name="key">First key word in the low half, second in the high half.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Scramble(
        ref Vector256<ulong> word0, ref Vector256<ulong> word1, ref Vector256<ulong> word2, ref Vector256<ulong> word3, ulong key)
    {
        Vector256<ulong> low = Vector256.Create((ulong)uint.MaxValue);
        Vector256<ulong> multiplier0 = Vector256.Create(Multiplier0);
        Vector256<ulong> multiplier1 = Vector256.Create(Multiplier1);
        uint key0 = (uint)key;
        uint key1 = (uint)(key >> 32);
        for (int round = 0; round < Rounds; round++)
        {
            Vector256<ulong> product0 = Multiply(multiplier0, word0);
            Vector256<ulong> product1 = Multiply(multiplier1, word2);
            word0 = (product1 >> 32) ^ word1 ^ Vector256.Create((ulong)key0);
            word2 = (product0 >> 32) ^ word3 ^ Vector256.Create((ulong)key1);
            word1 = product1 & low;
            word3 = product0 & low;
            key0 = unchecked(key0 + Weyl0);
            key1 = unchecked(key1 + Weyl1);
        }
    }

    /// <summary>Four uniforms: the centres of 2^52 equal parts of (0, 1), so that a number and its distance from 1 are both exact.</summary>
    /// <param name="trials">Zero-based trials in the YET.</param>
    /// <param name="indices">Index of each occurrence in its ordered trial.</param>
    /// <param name="stream">What the number is for: an ELT's stream, or that of the occurrence.</param>
    /// <param name="seed">The seed.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Uniforms(Vector256<ulong> trials, Vector256<ulong> indices, ulong stream, ulong seed)
    {
        Vector256<ulong> word2 = Vector256.Create(stream & uint.MaxValue);
        Vector256<ulong> word3 = Vector256.Create(stream >> 32);
        Scramble(ref trials, ref indices, ref word2, ref word3, seed);
        Vector256<ulong> bits = (trials << 20) | (indices & Vector256.Create((ulong)uint.MaxValue)) >> 12;

        // The bits as the fraction of a number between 2^52 and 2^53.
        Vector256<double> whole = (bits | Vector256.Create(TwoTo52).AsUInt64()).AsDouble() - Vector256.Create(TwoTo52);
        return (whole + Vector256.Create(0.5)) * (1 / TwoTo52);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Multiply(Vector256<ulong> a, Vector256<ulong> b) =>
        Avx2.IsSupported ? Avx2.Multiply(a.AsUInt32(), b.AsUInt32()) : a * b;
}
