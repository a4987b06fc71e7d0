using System.Globalization;
using RiskDurable.Kernel;
using RiskDurable.Portfolio.Model;
using RiskDurable.Portfolio.Reading;
using RiskDurable.Portfolio.Writing;

namespace RiskDurable.Portfolio.Samples;

/// <summary>
/// Writes believable portfolios to try the engine on: a heavy-tailed catalogue of ten perils with seasons and clusters, and a
/// book of towers, quota shares, aggregate and franchise covers in three currencies, with inuring within and between deals,
/// bought covers, and a retro over the half of the book that is in dollars. ELTs and upstream layers of a deal are in the
/// deal's own currency.
/// </summary>
public static class SamplePortfolio
{
    private static readonly string[] Rollup = ["lob", "region"];

    /// <summary>Writes a sample into a folder; it appears there as a whole or not at all.</summary>
    /// <param name="folder">The folder; created when it is missing.</param>
    /// <param name="options">What to write.</param>
    /// <param name="progress">Told how far it is, or null.</param>
    /// <param name="cancellationToken">Stops writing; nothing is left behind.</param>
    /// <exception cref="BadInputException">An option is out of range, or the folder holds files and may not be overwritten.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static void Write(
        string folder, SampleOptions options, IProgress<SampleProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(options);
        Check(options);
        using var target = new PortfolioTarget(folder, options.Overwrite);
        string extension = options.Format == SampleFormat.Csv ? ".csv" : ".parquet";
        var catalogue = new EventCatalogue(options.Seed, options.EventsPerTrial);
        var elts = new SortedDictionary<string, EltReference>(StringComparer.Ordinal);
        var book = new SampleBook(catalogue, options.Seed, (elt, currency) =>
        {
            string file = $"elts/{elt.Id}{extension}";
            elts.Add(elt.Id, new EltReference(elt.Id, file, currency));
            WriteElt(Path.Combine(target.Partial, "elts", elt.Id + extension), elt, catalogue);
        });
        var layers = new SampleLayers(book, new CalibrationYears(catalogue, options.EventsPerTrial, options.Seed));
        var factory = new SampleDeals(book, layers, options);
        var deals = new Deal[options.Deals];
        for (int i = 0; i < deals.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            deals[i] = factory.Draw(i);
            progress?.Report(new SampleProgress("Deals and ELTs", i + 1, deals.Length));
        }

        WriteYet(Path.Combine(target.Partial, "yet" + extension), catalogue, options, progress, cancellationToken);
        Shuffle(deals, new SampleRandom(options.Seed, SampleStream.FileOrder, 0));
        string id = string.Create(CultureInfo.InvariantCulture, $"sample-{options.Deals}-{options.Seed}");
        var fx = new SortedDictionary<string, double>(
            Territory.All.ToDictionary(territory => territory.Currency, territory => territory.Rate), StringComparer.Ordinal);
        PortfolioWriter.Write(
            target.Partial,
            new PortfolioDefinition(
                id, $"Sample book of {options.Deals} deals", Territory.America.Currency, fx, options.Trials, "yet" + extension, elts, Rollup, deals));
        cancellationToken.ThrowIfCancellationRequested();
        target.Complete();
    }

    private static void Check(SampleOptions options)
    {
        var problems = new List<Problem>();
        if (options.Deals is < 1 or > 99_999)
        {
            problems.Add(new Problem("--deals", "", FormattableString.Invariant($"{options.Deals} is outside 1..99999.")));
        }

        if (options.Trials is < 1 or > PortfolioReader.MaxTrials)
        {
            problems.Add(new Problem("--trials", "", FormattableString.Invariant($"{options.Trials} is outside 1..{PortfolioReader.MaxTrials}.")));
        }

        if (!(options.EventsPerTrial > 0 && options.EventsPerTrial <= 10_000))
        {
            problems.Add(
                new Problem("--events-per-trial", "", FormattableString.Invariant($"{options.EventsPerTrial} is not above 0 and at most 10000.")));
        }

        if (problems.Count > 0)
        {
            throw new BadInputException(problems);
        }
    }

    private static void WriteElt(string path, SampleElt elt, EventCatalogue catalogue)
    {
        long[] eventIds = new long[elt.Events.Length];
        for (int i = 0; i < eventIds.Length; i++)
        {
            eventIds[i] = catalogue.EventId(elt.Events[i]);
        }

        LossUncertainty? uncertainty = elt.Uncertainty is null
            ? null
            : new LossUncertainty(
                [.. elt.Uncertainty.Select(row => row.Independent)],
                [.. elt.Uncertainty.Select(row => row.Correlated)],
                [.. elt.Uncertainty.Select(row => row.Exposure)]);
        EltWriter.Write(path, new EventLossTable(eventIds, elt.Losses, uncertainty));
    }

    private static void WriteYet(
        string path, EventCatalogue catalogue, SampleOptions options, IProgress<SampleProgress>? progress, CancellationToken cancellationToken)
    {
        const int ReportEvery = 1024;
        using var writer = new YetWriter(path);
        var years = new YearSampler(catalogue, options.EventsPerTrial, options.Seed, SampleStream.Year);
        for (int trial = 1; trial <= options.Trials; trial++)
        {
            years.Draw(trial);
            for (int i = 0; i < years.Count; i++)
            {
                writer.Add(trial, catalogue.EventId(years.Events[i]), years.Day(i));
            }

            if (trial % ReportEvery == 0 || trial == options.Trials)
            {
                cancellationToken.ThrowIfCancellationRequested();
                progress?.Report(new SampleProgress("Years", trial, options.Trials));
            }
        }

        writer.Complete();
    }

    // A deal may refer to deals further down in the file; real files come in any order.
    private static void Shuffle(Deal[] deals, SampleRandom random)
    {
        for (int i = deals.Length - 1; i > 0; i--)
        {
            int j = random.Below(i + 1);
            (deals[i], deals[j]) = (deals[j], deals[i]);
        }
    }
}
