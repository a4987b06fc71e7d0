using RiskDurable.Execution.Storage;

namespace RiskDurable.Execution.Analytics;

/// <summary>Requests and answers of analyses in a store, named by the hash of their bytes: what orchestrations pass instead of them.</summary>
/// <param name="store">The store.</param>
public sealed class AnalysisDocuments(IObjectStore store)
{
    /// <summary>Stores a request.</summary>
    /// <param name="json">UTF-8.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>Its hash.</returns>
    public ValueTask<string> WriteRequestAsync(byte[] json, CancellationToken cancellationToken) => WriteAsync(ObjectKind.AnalysisRequest, json, cancellationToken);

    /// <summary>Reads a request back.</summary>
    /// <param name="hash">Its hash.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="UnreadableObjectException">It is missing or damaged.</exception>
    public ValueTask<byte[]> ReadRequestAsync(string hash, CancellationToken cancellationToken) => ReadAsync(ObjectKind.AnalysisRequest, hash, cancellationToken);

    /// <summary>Stores an answer.</summary>
    /// <param name="analysis">The answer.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>Its hash.</returns>
    public ValueTask<string> WriteAsync(DealAnalysis analysis, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(analysis);
        return WriteAsync(ObjectKind.Analysis, analysis.ToBytes(), cancellationToken);
    }

    /// <summary>Reads an answer back, as JSON, UTF-8.</summary>
    /// <param name="hash">Its hash.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="UnreadableObjectException">It is missing or damaged.</exception>
    public ValueTask<byte[]> ReadAsync(string hash, CancellationToken cancellationToken) => ReadAsync(ObjectKind.Analysis, hash, cancellationToken);

    private async ValueTask<string> WriteAsync(string kind, byte[] json, CancellationToken cancellationToken)
    {
        string hash = KeyHash.OfContent(json);
        await store.WriteAsync(new ObjectKey(kind, hash), json, cancellationToken).ConfigureAwait(false);
        return hash;
    }

    private async ValueTask<byte[]> ReadAsync(string kind, string hash, CancellationToken cancellationToken)
    {
        var key = new ObjectKey(kind, hash);
        byte[] json = await store.ReadAsync(key, cancellationToken).ConfigureAwait(false);
        return KeyHash.OfContent(json) == hash ? json : throw new UnreadableObjectException(key, "its bytes have another hash");
    }
}
