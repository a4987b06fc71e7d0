using System.Globalization;
using RiskDurable.Kernel;
using RiskDurable.Kernel.Metrics;
using RiskDurable.Portfolio.Files;
using RiskDurable.Portfolio.Model;
using RiskDurable.Portfolio.Writing;

namespace RiskDurable.Portfolio.OpenResults;

/// <summary>
/// Makes a portfolio from another engine's Open Results Data tables: an ELT and a deal for each summary, a YET from the occurrences. The deals
/// pay every loss in full, so that a rollup gives what the engine gave; what is to be priced is then written in their place.
/// </summary>
public static class OrdImport
{
    private const string YetFile = "yet.parquet";
    private const string TrialsFile = "trials.csv";
    private const string LayerId = "ground-up";

    /// <summary>Reads the tables, and writes the portfolio; nothing is written where a table is not sound.</summary>
    /// <param name="folder">The portfolio's folder.</param>
    /// <param name="options">The tables.</param>
    /// <param name="progress">Told which step it is at, and how far.</param>
    /// <param name="cancellationToken">Stops; nothing is left.</param>
    /// <exception cref="BadInputException">A table is missing or not sound, or the folder holds something; carries every problem of the tables.</exception>
    public static OrdImportOutcome Write(
        string folder, OrdImportOptions options, IProgress<(string Step, double Fraction)>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        var problems = new List<Problem>();
        progress?.Report(("reading losses", 0));
        SortedDictionary<long, List<OrdEltRow>>? losses = Try(problems, () => ReadLosses(options));
        cancellationToken.ThrowIfCancellationRequested();
        progress?.Report(("reading occurrences", 0));
        string when = options.Occurrence ?? options.Plt ?? throw new ArgumentException("A PLT or an occurrence table is needed.", nameof(options));
        OrdOccurrences? occurrences = Try(problems, () => OrdOccurrences.Read(FilesOf(when), NameOf(when), options.Periods));
        double[]? weights = occurrences is null ? null : Try(problems, () => ReadWeights(options, when, occurrences));
        cancellationToken.ThrowIfCancellationRequested();
        if (problems.Count > 0)
        {
            throw new BadInputException(problems);
        }

        using var target = new PortfolioTarget(folder, options.Overwrite);
        int capped = WriteElts(target.Partial, losses!, progress, cancellationToken);
        WriteYet(target.Partial, occurrences!, progress, cancellationToken);
        bool isWeighted = weights is not null && TrialWeights.Of(weights) is not null;
        if (isWeighted)
        {
            TrialsWriter.Write(Path.Combine(target.Partial, TrialsFile), weights);
        }

        PortfolioWriter.Write(target.Partial, DefinitionOf(options, losses!.Keys, isWeighted ? TrialsFile : null));
        target.Complete();
        HashSet<long> happen = [.. occurrences!.Rows.Select(row => row.EventId)];
        HashSet<long> events = [.. losses.Values.SelectMany(rows => rows).Select(row => row.EventId)];
        return new OrdImportOutcome(
            losses.Count, events.Count, occurrences.Rows.Count, options.Periods, isWeighted, capped, events.Count(id => !happen.Contains(id)));
    }

    private static SortedDictionary<long, List<OrdEltRow>> ReadLosses(OrdImportOptions options)
    {
        if (options.Qelt is { } qelt)
        {
            return OrdQuantiles.Read(FilesOf(qelt), NameOf(qelt));
        }

        string moments = options.Melt ?? options.Plt ?? throw new ArgumentException("A MELT, a QELT or an MPLT is needed.", nameof(options));
        return OrdMoments.Read(FilesOf(moments), NameOf(moments), options.SampleType);
    }

    private static double[]? ReadWeights(OrdImportOptions options, string when, OrdOccurrences occurrences) => options.PeriodWeights is { } file
        ? OrdPeriodWeights.Read(FilesOf(file), NameOf(file), options.Periods)
        : OrdPeriodWeights.Complete(NameOf(when), occurrences.Weights, options.Periods);

    private static T? Try<T>(List<Problem> problems, Func<T> read)
        where T : class?
    {
        try
        {
            return read();
        }
        catch (BadInputException refused)
        {
            problems.AddRange(refused.Problems);
            return null;
        }
    }

    private static int WriteElts(
        string folder,
        SortedDictionary<long, List<OrdEltRow>> losses,
        IProgress<(string Step, double Fraction)>? progress,
        CancellationToken cancellationToken)
    {
        int capped = 0;
        int written = 0;
        foreach ((long summary, List<OrdEltRow> rows) in losses)
        {
            cancellationToken.ThrowIfCancellationRequested();
            EltWriter.Write(Path.Combine(folder, EltFile(summary)), TableOf(rows, ref capped));
            progress?.Report(("writing event loss tables", (double)++written / losses.Count));
        }

        return capped;
    }

    private static EventLossTable TableOf(List<OrdEltRow> rows, ref int capped)
    {
        rows.Sort((a, b) => a.EventId.CompareTo(b.EventId));
        LossUncertainty? uncertainty = null;

        // Without an exposure there is no scale for a distribution: the means remain.
        if (rows.TrueForAll(row => row.Exposure > 0 || row.Mean == 0) && rows.Exists(row => row.SdIndependent + row.SdCorrelated > 0))
        {
            uncertainty = new LossUncertainty(new double[rows.Count], new double[rows.Count], new double[rows.Count]);
            for (int i = 0; i < rows.Count; i++)
            {
                OrdEltRow row = rows[i];
                double deviation = row.SdIndependent + row.SdCorrelated;
                double largest = Math.Sqrt(row.Mean * Math.Max(row.Exposure - row.Mean, 0));
                double scale = 1;
                if (deviation > 0 && deviation >= largest)
                {
                    // The deviation of a sample of n may exceed by sqrt(n / (n - 1)) what any distribution has.
                    scale = largest * (1 - 1e-9) / deviation;
                    capped++;
                }

                uncertainty.SdIndependent[i] = row.SdIndependent * scale;
                uncertainty.SdCorrelated[i] = row.SdCorrelated * scale;
                uncertainty.Exposure[i] = row.Exposure;
            }
        }

        return new EventLossTable([.. rows.Select(row => row.EventId)], [.. rows.Select(row => row.Mean)], uncertainty);
    }

    private static void WriteYet(
        string folder, OrdOccurrences occurrences, IProgress<(string Step, double Fraction)>? progress, CancellationToken cancellationToken)
    {
        using var writer = new YetWriter(Path.Combine(folder, YetFile));
        for (int i = 0; i < occurrences.Rows.Count; i++)
        {
            if (i % (1 << 20) == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                progress?.Report(("writing the year-event table", (double)i / occurrences.Rows.Count));
            }

            (int period, double day, long eventId) = occurrences.Rows[i];
            writer.Add(period, eventId, day);
        }

        writer.Complete();
    }

    private static PortfolioDefinition DefinitionOf(OrdImportOptions options, IEnumerable<long> summaries, string? trialsFile) => new(
        options.Id,
        options.Id,
        options.Currency,
        new Dictionary<string, double> { [options.Currency] = 1 },
        options.Periods,
        YetFile,
        summaries.ToDictionary(EltId, summary => new EltReference(EltId(summary), EltFile(summary), options.Currency)),
        [],
        [.. summaries.Select(summary => new Deal(
            EltId(summary),
            $"Summary {summary}",
            options.Currency,
            new Dictionary<string, string>(),
            [new Layer(LayerId, [new SubjectTerm(EltId(summary), null, 1)], LayerTerms.GroundUp, 1, LayerPosition.Assumed, 0, [])]))],
        trialsFile);

    private static string EltId(long summary) => "S" + summary.ToString(CultureInfo.InvariantCulture);

    private static string EltFile(long summary) => $"elts/{EltId(summary)}.csv";

    private static FolderFiles FilesOf(string file)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        return new FolderFiles(folder);
    }

    private static string NameOf(string file) => Path.GetFileName(file);
}
