using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace RiskDurable.Execution.Storage;

/// <summary>
/// Hashes a sequence of typed values into a key. Each value goes in with its type, and texts with their length, so that two different
/// sequences never feed the hash the same bytes.
/// </summary>
internal sealed class KeyHash : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public KeyHash(string purpose) => Add(purpose);

    public KeyHash Add(string value)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(value);
        Append((byte)'s', bytes.Length);
        _hash.AppendData(bytes);
        return this;
    }

    public KeyHash Add(long value)
    {
        Append((byte)'i', value);
        return this;
    }

    public KeyHash Add(ulong value) => Add(unchecked((long)value));

    public KeyHash Add(double value)
    {
        // -0.0 and 0.0 are the same term.
        Append((byte)'d', BitConverter.DoubleToInt64Bits(value == 0 ? 0.0 : value));
        return this;
    }

    /// <summary>The hash of what was added: 64 lower-case hexadecimal digits.</summary>
    public string Finish() => Convert.ToHexStringLower(_hash.GetHashAndReset());

    public static string OfContent(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));

    public void Dispose() => _hash.Dispose();

    private void Append(byte type, long value)
    {
        Span<byte> bytes = stackalloc byte[9];
        bytes[0] = type;
        BinaryPrimitives.WriteInt64LittleEndian(bytes[1..], value);
        _hash.AppendData(bytes);
    }
}
