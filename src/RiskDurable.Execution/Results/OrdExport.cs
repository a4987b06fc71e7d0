using System.Globalization;
using System.Text;
using RiskDurable.Execution.Analytics;
using RiskDurable.Execution.Packing;
using RiskDurable.Execution.Planning;
using RiskDurable.Execution.Running;
using RiskDurable.Execution.Storage;
using RiskDurable.Kernel;
using RiskDurable.Kernel.Metrics;
using RiskDurable.Portfolio;
using RiskDurable.Portfolio.Files;
using RiskDurable.Portfolio.OpenResults;
using RiskDurable.Portfolio.Results;

namespace RiskDurable.Execution.Results;

/// <summary>Writes a rollup's results as Open Results Data tables: EPT of all nodes, SPLT of the whole portfolio.</summary>
public static class OrdExport
{
    // EPCalc and SampleId: of the means that the tables have for events, or of a loss drawn for each occurrence, which is one sample.
    private const int MeanDamage = 1;
    private const int FullUncertainty = 2;
    private const int NumericalMean = -1;
    private const int OnlySample = 1;

    /// <summary>Writes <c>ept</c> and <c>summary-info.csv</c>, which says the node of each SummaryId.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="extension"><c>.csv</c> or <c>.parquet</c>.</param>
    /// <param name="report">The results.</param>
    public static void WriteEpt(string folder, string extension, RollupReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        using var ept = new OrdTableWriter(Path.Combine(folder, "ept" + extension), OrdColumn.Ept);
        var summaries = new StringBuilder("SummaryId,Node\n");
        int calculation = report.Seed is null ? MeanDamage : FullUncertainty;
        for (int number = 0; number < report.Nodes.Count; number++)
        {
            ReportedNode node = report.Nodes[number];
            summaries.Append(CultureInfo.InvariantCulture, $"{number + 1},{CsvField.Quote(node.Node)}\n");
            foreach (ReportedCurve curve in node.Curves.OrderBy(curve => curve.EpType))
            {
                foreach (ReportedPoint point in curve.Points.OrderByDescending(point => point.ReturnPeriod))
                {
                    ept.Write(number + 1, calculation, curve.EpType, point.ReturnPeriod, point.Loss);
                }
            }
        }

        using var names = new ReplacedFile(Path.Combine(folder, "summary-info.csv"));
        names.Stream.Write(Encoding.UTF8.GetBytes(summaries.ToString()));
        names.Complete();
        ept.Complete();
    }

    /// <summary>Writes <c>splt</c>: every occurrence with a loss to the whole portfolio, as SummaryId 1.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="extension"><c>.csv</c> or <c>.parquet</c>.</param>
    /// <param name="files">The portfolio's files, for the dates that packing drops.</param>
    /// <param name="store">Where the rollup's outputs are.</param>
    /// <param name="plan">The rollup's plan.</param>
    /// <param name="progress">Told the share done.</param>
    /// <param name="cancellationToken">Stops; nothing is left.</param>
    /// <returns>Number of rows.</returns>
    /// <exception cref="BadInputException">The portfolio's YET is not the one that was rolled up, or an event's id has more than 32 bits.</exception>
    /// <exception cref="UnreadableObjectException">An output is missing or damaged.</exception>
    public static async Task<long> WriteSpltAsync(
        string folder, string extension, IPortfolioFiles files, IObjectStore store, RollupPlan plan, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        PortfolioManifest manifest = plan.Manifest;
        string yetFile = Portfolio.Reading.PortfolioReader.Read(files).YetFile;
        DatedOccurrences dates = DatedOccurrences.Read(files, yetFile, manifest.Trials);
        var tables = new TableCache(store);
        TrialWeights? weights = await tables.WeightsAsync(manifest, cancellationToken).ConfigureAwait(false);
        using var splt = new OrdTableWriter(Path.Combine(folder, "splt" + extension), OrdColumn.Splt);
        int sample = plan.Settings.Sampling is null ? NumericalMean : OnlySample;
        long rows = 0;
        for (int number = 0; number < manifest.Blocks.Count; number++)
        {
            TrialBlock block = await tables.BlockAsync(manifest.Blocks[number].Hash, cancellationToken).ConfigureAwait(false);
            RootLosses root = await RootLosses.ReadAsync(store, tables, plan, number, cancellationToken).ConfigureAwait(false);
            long[] events = EventsByPosition(block);
            if (!dates.Matches(block, events))
            {
                throw new BadInputException([new Problem(
                    yetFile, "", "This is not the year-event table that was rolled up; run 'risk rollup' again, or name the portfolio as it was.")]);
            }

            for (int trial = 0; trial < block.TrialCount; trial++)
            {
                double weight = weights is null ? 1.0 / manifest.Trials : weights.Values[block.FirstTrial + trial] / weights.Total;
                for (int i = root.Starts[trial]; i < root.Starts[trial + 1]; i++, rows++)
                {
                    int position = root.Occurrences.Positions[i];
                    (int month, int day, int hour, int minute) = OrdCalendar.DateOf(dates.DayOf(block.FirstTrial, position));
                    int period = block.FirstTrial + trial + 1;
                    splt.Write(
                        period, weight, ToOrd(events[position], yetFile), period, month, day, hour, minute, 1, sample, root.Occurrences.Losses[i], 0);
                }
            }

            progress?.Report((number + 1.0) / manifest.Blocks.Count);
        }

        splt.Complete();
        return rows;
    }

    private static int ToOrd(long eventId, string yetFile) => eventId is >= int.MinValue and <= int.MaxValue
        ? (int)eventId
        : throw new BadInputException([new Problem(
            yetFile, "", $"Event {eventId}: ids of Open Results Data have 32 bits; number the events anew to export period losses.")]);

    private static long[] EventsByPosition(TrialBlock block)
    {
        long[] events = new long[block.OccurrenceCount];
        for (int number = 0; number < block.EventIds.Length; number++)
        {
            for (int i = block.EventStarts[number]; i < block.EventStarts[number + 1]; i++)
            {
                events[block.Positions[i]] = block.EventIds[number];
            }
        }

        return events;
    }
}
