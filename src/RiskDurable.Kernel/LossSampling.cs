using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace RiskDurable.Kernel;

/// <summary>Losses drawn from a beta distribution around their mean (docs/kernel.md, "Secondary uncertainty").</summary>
/// <param name="Seed">Another seed, other draws; the same one, the same to the bit.</param>
public sealed record LossSampling(ulong Seed)
{
    /// <summary>The stream of an ELT's random numbers: the first 64 bits of the SHA-256 of its id.</summary>
    /// <param name="eltId">The ELT's id.</param>
    public static ulong StreamOf(string eltId) => BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(eltId)));
}
