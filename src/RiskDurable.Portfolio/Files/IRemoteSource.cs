namespace RiskDurable.Portfolio.Files;

/// <summary>
/// A stream whose bytes come over a network: that they do not come says nothing about the file. Readers that call a file damaged look here first, as
/// what lies between them and the stream may hide what was thrown.
/// </summary>
public interface IRemoteSource
{
    /// <summary>Why the last read failed; null while none has.</summary>
    Exception? Failure { get; }
}

/// <summary>Tells a source that failed from a file that is damaged.</summary>
internal static class SourceFailure
{
    /// <summary>Whether a stream failed for a reason that is none of the file's.</summary>
    public static bool IsOf(Stream stream) => stream is IRemoteSource { Failure: not null };
}
