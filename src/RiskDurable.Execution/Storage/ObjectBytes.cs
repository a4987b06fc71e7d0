using System.Buffers;

namespace RiskDurable.Execution.Storage;

/// <summary>Bytes of an object; lent memory, where they are, goes back when they are disposed of.</summary>
public sealed class ObjectBytes : IDisposable
{
    private readonly bool _isLent;
    private byte[]? _data;

    /// <summary>Bytes in memory of their own.</summary>
    /// <param name="data">The bytes.</param>
    public ObjectBytes(byte[] data)
    {
        ArgumentNullException.ThrowIfNull(data);
        _data = data;
        Length = data.Length;
    }

    private ObjectBytes(int length)
    {
        _data = ArrayPool<byte>.Shared.Rent(length);
        _isLent = true;
        Length = length;
    }

    /// <summary>Number of bytes.</summary>
    public int Length { get; }

    /// <summary>The bytes.</summary>
    /// <exception cref="ObjectDisposedException">They were given back.</exception>
    public Span<byte> Span => Memory.Span;

    /// <summary>The bytes, for whoever fills them asynchronously.</summary>
    /// <exception cref="ObjectDisposedException">They were given back.</exception>
    public Memory<byte> Memory
    {
        get
        {
            ObjectDisposedException.ThrowIf(_data is null, this);
            return _data.AsMemory(0, Length);
        }
    }

    /// <summary>Lends memory for so many bytes; it is not cleared.</summary>
    /// <param name="length">Number of bytes.</param>
    public static ObjectBytes Lend(int length) => new(length);

    /// <inheritdoc/>
    public void Dispose()
    {
        byte[]? data = _data;
        _data = null;
        if (_isLent && data is not null)
        {
            ArrayPool<byte>.Shared.Return(data);
        }
    }
}
