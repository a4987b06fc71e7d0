using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace RiskDurable.Execution.Storage;

/// <summary>An array that a section of an object is read into.</summary>
internal interface ISectionArray
{
    /// <summary>Makes the array, not cleared, and gives its bytes.</summary>
    /// <param name="length">Number of bytes.</param>
    Memory<byte> Allocate(int length);
}

/// <summary>An array that a section of an object is read into.</summary>
/// <typeparam name="T">A primitive.</typeparam>
internal sealed class SectionArray<T> : ISectionArray
    where T : unmanaged
{
    /// <summary>The section's elements; null where the object has no such section.</summary>
    public T[]? Values { get; private set; }

    /// <summary>The section's elements, of a section that every object of its kind has.</summary>
    /// <exception cref="ArgumentException">The object has no such section.</exception>
    public T[] Needed => Values ?? throw new ArgumentException("a section is missing");

    public Memory<byte> Allocate(int length)
    {
        Values = GC.AllocateUninitializedArray<T>(length / Unsafe.SizeOf<T>());
        return new Bytes(Values).Memory[..length];
    }

    private sealed class Bytes(T[] array) : SpanMemory<byte>
    {
        public override Span<byte> GetSpan() => MemoryMarshal.AsBytes(array.AsSpan());
    }
}
