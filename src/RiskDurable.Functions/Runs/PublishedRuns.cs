using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using RiskDurable.Execution.Storage;
using RiskDurable.Functions.Portfolios;

namespace RiskDurable.Functions.Runs;

/// <summary>
/// Completed rollups as documents beside the objects, for whoever shares the store but not the task hub: the app that analyses deals has a hub of its
/// own, in which nothing is known of rollups. A document a run, and one a portfolio for its latest.
/// </summary>
/// <param name="documents">Where they are.</param>
public sealed class PublishedRuns(IDocumentStore documents)
{
    // Runs of one portfolio that end in the same moment; each try reads the other's.
    private const int MostTries = 50;

    /// <summary>Where they are, for people.</summary>
    public string Place => documents.Name;

    /// <summary>Publishes a run at its end; again is harmless, and an older run replaces no newer one.</summary>
    /// <param name="run">The run.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="IOException">Others wrote again and again.</exception>
    [Function(nameof(PublishRun))]
    public async Task PublishRun([ActivityTrigger] CompletedRun run, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(run);
        await documents.WriteAsync(OfRun(run.RunId), json, ifMatch: null, cancellationToken).ConfigureAwait(false);
        for (int tries = 0; tries < MostTries; tries++)
        {
            StoredDocument? known = await documents.ReadAsync(OfPortfolio(run.Portfolio), cancellationToken).ConfigureAwait(false);
            if (known is not null && Read(known).CompletedAt > run.CompletedAt)
            {
                return;
            }

            if (await documents.WriteAsync(OfPortfolio(run.Portfolio), json, known?.ETag, cancellationToken).ConfigureAwait(false))
            {
                return;
            }
        }

        throw new IOException($"The latest run of portfolio '{run.Portfolio}' could not be written: others did so {MostTries} times meanwhile.");
    }

    /// <summary>A run that completed; null where it is not known.</summary>
    /// <param name="runId">Its id.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<CompletedRun?> FindAsync(string runId, CancellationToken cancellationToken) =>
        await documents.ReadAsync(OfRun(runId), cancellationToken).ConfigureAwait(false) is { } document ? Read(document) : null;

    /// <summary>The run of a portfolio that completed last; null where none is known.</summary>
    /// <param name="portfolio">Its id.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<CompletedRun?> LatestAsync(string portfolio, CancellationToken cancellationToken) =>
        await documents.ReadAsync(OfPortfolio(portfolio), cancellationToken).ConfigureAwait(false) is { } document ? Read(document) : null;

    /// <summary>Removes the document of a run; the latest of its portfolio stays known as that.</summary>
    /// <param name="runId">Its id.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public ValueTask ForgetAsync(string runId, CancellationToken cancellationToken) => documents.DeleteAsync(OfRun(runId), cancellationToken);

    private static CompletedRun Read(StoredDocument document) =>
        JsonSerializer.Deserialize<CompletedRun>(document.Data) ?? throw new InvalidDataException("The document of a run is empty.");

    private static string OfRun(string runId) => $"runs/{Hash(runId)}.json";

    private static string OfPortfolio(string portfolio) => $"latest-runs/{Hash(portfolio)}.json";

    // Ids may hold anything; names of documents may not.
    private static string Hash(string id) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)))[..32];
}
