using System.Security.Cryptography;
using System.Text;
using RiskDurable.Functions.Rollup;

namespace RiskDurable.Functions.Portfolios;

/// <summary>What is known of a portfolio: an entity a portfolio, told by ingestion and by rollups at their end.</summary>
public sealed class PortfolioCatalogue : TaskEntity<PortfolioEntry>
{
    private const int LongestPlainKey = 60;

    /// <summary>The entity of a portfolio. Ids that storage would not take as they are stand by their hash.</summary>
    /// <param name="portfolio">The portfolio's id.</param>
    public static EntityInstanceId IdOf(string portfolio)
    {
        ArgumentException.ThrowIfNullOrEmpty(portfolio);
        bool isPlain = portfolio.Length <= LongestPlainKey
            && portfolio.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.');
        return new EntityInstanceId(
            nameof(PortfolioCatalogue),
            isPlain ? portfolio : "~" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(portfolio)))[..32]);
    }

    /// <summary>Reads what is known of a portfolio, without queuing behind news of it.</summary>
    /// <param name="client">Reads.</param>
    /// <param name="portfolio">The portfolio's id.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Null where it is not known.</returns>
    public static async Task<PortfolioEntry?> FindAsync(DurableTaskClient client, string portfolio, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        EntityMetadata<PortfolioEntry>? entity = await client.Entities
            .GetEntityAsync<PortfolioEntry>(IdOf(portfolio), includeState: true, cancellationToken).ConfigureAwait(false);
        return entity is { IncludesState: true } ? entity.State : null;
    }

    /// <summary>Runs the entity's operations.</summary>
    /// <param name="dispatcher">Hands over the operations.</param>
    [Function(nameof(PortfolioCatalogue))]
    public static Task DispatchAsync([EntityTrigger] TaskEntityDispatcher dispatcher) => dispatcher.DispatchAsync<PortfolioCatalogue>();

    /// <summary>The portfolio was packed.</summary>
    /// <param name="version">What came of it.</param>
    public void Packed(PortfolioVersion version)
    {
        ArgumentNullException.ThrowIfNull(version);
        if (State.Latest is null || State.Latest.PackedAt <= version.PackedAt)
        {
            State.Id = version.Portfolio;
            State.Latest = version;
        }
    }

    /// <summary>A rollup of the portfolio completed.</summary>
    /// <param name="run">The run.</param>
    public void Completed(CompletedRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (State.LatestRun is null || State.LatestRun.CompletedAt <= run.CompletedAt)
        {
            State.Id = run.Portfolio;
            State.LatestRun = run;
        }
    }
}

/// <summary>What is known of a portfolio.</summary>
public sealed class PortfolioEntry
{
    /// <summary>The portfolio's id.</summary>
    public string Id { get; set; } = "";

    /// <summary>What was packed last; null where rollups named a manifest only.</summary>
    public PortfolioVersion? Latest { get; set; }

    /// <summary>The rollup that completed last; null before the first.</summary>
    public CompletedRun? LatestRun { get; set; }
}

/// <summary>A portfolio as it was packed once.</summary>
/// <param name="Portfolio">The portfolio's id.</param>
/// <param name="Manifest">Hash of the manifest.</param>
/// <param name="Summary">What is in it.</param>
/// <param name="PackedAt">When.</param>
/// <param name="PackedBy">By whom; null where nobody said.</param>
public sealed record PortfolioVersion(string Portfolio, string Manifest, PortfolioSummary Summary, DateTimeOffset PackedAt, string? PackedBy);

/// <summary>What is in a portfolio.</summary>
/// <param name="Name">Its name for people.</param>
/// <param name="Currency">Reporting currency.</param>
/// <param name="Trials">Number of trials.</param>
/// <param name="Deals">Number of deals.</param>
/// <param name="Layers">Number of layers.</param>
public sealed record PortfolioSummary(string Name, string Currency, int Trials, int Deals, int Layers);

/// <summary>A rollup that completed.</summary>
/// <param name="Portfolio">The portfolio's id.</param>
/// <param name="RunId">The run.</param>
/// <param name="Plan">Its plan, from which every output's key can be worked out.</param>
/// <param name="CompletedAt">When.</param>
/// <param name="StartedBy">By whom; null where nobody said.</param>
public sealed record CompletedRun(string Portfolio, string RunId, PlanReference Plan, DateTimeOffset CompletedAt, string? StartedBy);
