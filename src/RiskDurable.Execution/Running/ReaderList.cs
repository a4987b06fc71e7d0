using System.Collections.Concurrent;
using RiskDurable.Execution.Storage;

namespace RiskDurable.Execution.Running;

/// <summary>Objects that a job reads from where they lie until it is through. Several may arrive at the same time.</summary>
internal sealed class ReaderList : IDisposable
{
    private readonly ConcurrentBag<SectionReader> _readers = [];

    /// <summary>Disposes of a reader when the job is through.</summary>
    public SectionReader Keep(SectionReader reader)
    {
        _readers.Add(reader);
        return reader;
    }

    public void Dispose()
    {
        foreach (SectionReader reader in _readers)
        {
            reader.Dispose();
        }
    }
}
