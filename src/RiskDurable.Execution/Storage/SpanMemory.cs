using System.Buffers;

namespace RiskDurable.Execution.Storage;

/// <summary>Memory of somebody else as elements of another type. It is read and filled through spans, and belongs to whoever made it.</summary>
/// <typeparam name="T">A primitive.</typeparam>
internal abstract class SpanMemory<T> : MemoryManager<T>
    where T : unmanaged
{
    public sealed override MemoryHandle Pin(int elementIndex = 0) => throw new NotSupportedException("This memory is not pinned; use its span.");

    public sealed override void Unpin()
    {
    }

    protected sealed override void Dispose(bool disposing)
    {
    }
}
