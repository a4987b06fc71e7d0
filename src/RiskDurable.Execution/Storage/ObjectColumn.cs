using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace RiskDurable.Execution.Storage;

/// <summary>Elements of an object where they lie in its bytes; reading them after the bytes were given back throws.</summary>
/// <param name="bytes">The object's bytes.</param>
/// <param name="offset">Byte where the elements begin.</param>
/// <param name="count">Number of elements.</param>
/// <typeparam name="T">A primitive.</typeparam>
internal sealed class ObjectColumn<T>(ObjectBytes bytes, int offset, int count) : SpanMemory<T>
    where T : unmanaged
{
    public override Span<T> GetSpan() => MemoryMarshal.Cast<byte, T>(bytes.Span.Slice(offset, count * Unsafe.SizeOf<T>()));
}
