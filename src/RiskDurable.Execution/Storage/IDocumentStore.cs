using System.Buffers;

namespace RiskDurable.Execution.Storage;

/// <summary>
/// Small documents that change, beside the objects that never do. A writer says which version it changes, so that of two writers at the same
/// time one learns that it lost. A document is there whole or not at all, also after a crash of a writer.
/// </summary>
public interface IDocumentStore
{
    /// <summary>Where the documents are, for messages to people.</summary>
    string Name { get; }

    /// <summary>Reads a document.</summary>
    /// <param name="name">Its name, as <see cref="DocumentName"/> has it.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Null where there is none.</returns>
    ValueTask<StoredDocument?> ReadAsync(string name, CancellationToken cancellationToken);

    /// <summary>Writes a document if its version is still the one that the writer has seen.</summary>
    /// <param name="name">Its name, as <see cref="DocumentName"/> has it.</param>
    /// <param name="data">Its bytes.</param>
    /// <param name="ifMatch">The version that is replaced; null for a document that is not there yet.</param>
    /// <param name="cancellationToken">Stops waiting; the document is then the old or the new one.</param>
    /// <returns>False where somebody else wrote meanwhile: read it again.</returns>
    ValueTask<bool> WriteAsync(string name, ReadOnlyMemory<byte> data, string? ifMatch, CancellationToken cancellationToken);

    /// <summary>Removes a document, whatever its version; does nothing where it is not there.</summary>
    /// <param name="name">Its name, as <see cref="DocumentName"/> has it.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    ValueTask DeleteAsync(string name, CancellationToken cancellationToken);
}

/// <summary>A document and its version.</summary>
/// <param name="Data">Its bytes.</param>
/// <param name="ETag">Names this version; other bytes have another one.</param>
public sealed record StoredDocument(byte[] Data, string ETag);

/// <summary>Names of documents: parts of lower-case letters, digits, <c>-</c> and <c>.</c>, joined by <c>/</c>.</summary>
public static class DocumentName
{
    private const int Longest = 200;
    private static readonly SearchValues<char> Characters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-./");

    /// <summary>Refuses what is no name; nothing outside a store can be named.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="ArgumentException">It is no name.</exception>
    public static void Check(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.Length > Longest || name.AsSpan().ContainsAnyExcept(Characters) || name.Split('/').Any(part => part.Length == 0 || part[0] == '.'))
        {
            throw new ArgumentException(
                $"'{name}' is no name of a document: up to {Longest} lower-case letters, digits, '-' and '.', in parts joined by '/', none starting with '.'.", nameof(name));
        }
    }
}
