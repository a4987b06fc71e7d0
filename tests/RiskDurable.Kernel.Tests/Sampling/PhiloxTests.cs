using System.Runtime.Intrinsics;
using RiskDurable.Kernel.Sampling;

namespace RiskDurable.Kernel.Tests.Sampling;

public sealed class PhiloxTests
{
    /// <summary>The known answers that come with Random123 (kat_vectors, philox4x32-10).</summary>
    public static TheoryData<uint[], uint[], uint[]> KnownAnswers => new()
    {
        { [0, 0, 0, 0], [0, 0], [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8] },
        {
            [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff], [0xffffffff, 0xffffffff],
            [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd]
        },
        {
            [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0],
            [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1]
        },
    };

    [Theory]
    [MemberData(nameof(KnownAnswers))]
    public void It_gives_the_published_answers_in_every_lane(uint[] counter, uint[] key, uint[] answer)
    {
        ulong packedKey = key[0] | ((ulong)key[1] << 32);
        for (int lane = 0; lane < 4; lane++)
        {
            Vector256<ulong>[] words = [.. counter.Select(word => Vector256.Create(7UL).WithElement(lane, word))];
            Philox.Scramble(ref words[0], ref words[1], ref words[2], ref words[3], packedKey);
            Assert.Equal(answer, words.Select(word => (uint)word[lane]));
        }
    }

    [Fact]
    public void Uniforms_are_the_first_52_bits_and_a_half()
    {
        // Counter (trial, index, low and high word of the stream), key the seed: the third known answer.
        Vector256<double> uniforms = Philox.Uniforms(
            Vector256.Create(0x243f6a88UL), Vector256.Create(0x85a308d3UL), 0x0370734413198a2e, 0x299f31d0a4093822);
        double expected = ((0xd16cfe0994fdccebUL >> 12) + 0.5) / (1UL << 52);
        Assert.Equal(Vector256.Create(expected), uniforms);
        Assert.Equal(expected, 1 - (1 - expected));
    }
}
