using RiskDurable.Portfolio.Files;
using RiskDurable.Portfolio.Tables;

namespace RiskDurable.Portfolio.OpenResults;

/// <summary>Reads moments of events: a MELT (Moment Event Loss Table), or an MPLT (Moment Period Loss Table), where an event has a row a period.</summary>
internal static class OrdMoments
{
    private const int EventId = 0;
    private const int SummaryId = 1;
    private const int SampleType = 2;
    private const int MeanLoss = 3;
    private const int SdLoss = 4;
    private const int SdLossIndependent = 5;
    private const int SdLossCorrelated = 6;
    private const int MaxLoss = 7;
    private const int FootprintExposure = 8;

    private static readonly TableColumn[] Columns =
    [
        new("EventId", IsWhole: true, IsRequired: true, "event_id"),
        new("SummaryId", IsWhole: true, IsRequired: true, "summary_id"),
        new("SampleType", IsWhole: true, IsRequired: false, "type"),
        new("MeanLoss", IsWhole: false, IsRequired: true, "mean"),
        new("SDLoss", IsWhole: false, IsRequired: false, "standard_deviation"),
        new("SDLossInd", IsWhole: false, IsRequired: false),
        new("SDLossCor", IsWhole: false, IsRequired: false),
        new("MaxLoss", IsWhole: false, IsRequired: false),
        new("FootprintExposure", IsWhole: false, IsRequired: false, "exposure_value"),
    ];

    /// <summary>Reads a table.</summary>
    /// <param name="files">Where it is.</param>
    /// <param name="file">The table.</param>
    /// <param name="sampleType">1 for analytical moments, 2 for those of samples; null for the only ones there are.</param>
    /// <returns>The rows of each summary.</returns>
    /// <exception cref="BadInputException">The table is not sound.</exception>
    public static SortedDictionary<long, List<OrdEltRow>> Read(IPortfolioFiles files, string file, int? sampleType)
    {
        using NumberTable table = NumberTable.Open(files, file, Columns, isForeign: true);
        var summaries = new SortedDictionary<long, List<OrdEltRow>>();
        var seen = new Dictionary<(long Summary, long Event), OrdEltRow>();
        long? onlyType = sampleType;
        while (table.Next())
        {
            for (int row = 0; row < table.Count; row++)
            {
                long type = table.Has(SampleType) ? table.Whole(SampleType)[row] : onlyType ?? 0;
                onlyType ??= type;
                if (type != onlyType)
                {
                    if (sampleType is null)
                    {
                        table.Problems.AddFatal(table.PlaceOf(row), $"The table has moments of SampleType {onlyType} and {type}; choose one with --sample-type.");
                    }

                    continue;
                }

                Take(table, row, summaries, seen);
            }
        }

        if (summaries.Count == 0 && !table.Problems.Any)
        {
            table.Problems.Add("", sampleType is null ? "The table has no rows." : $"The table has no rows of SampleType {sampleType}.");
        }

        table.Problems.ThrowIfAny();
        return summaries;
    }

    private static void Take(
        NumberTable table, int row, SortedDictionary<long, List<OrdEltRow>> summaries, Dictionary<(long Summary, long Event), OrdEltRow> seen)
    {
        double Value(int column) => table.Has(column) ? table.Real(column)[row] : 0;

        bool isSplit = table.Has(SdLossIndependent) || table.Has(SdLossCorrelated);
        var moments = new OrdEltRow(
            table.Whole(EventId)[row],
            Value(MeanLoss),
            isSplit ? Value(SdLossIndependent) : Value(SdLoss),
            isSplit ? Value(SdLossCorrelated) : 0,
            Math.Max(Value(MaxLoss), Value(FootprintExposure)));
        if (Fault(moments) is { } fault)
        {
            table.Problems.Add(table.PlaceOf(row), fault);
            return;
        }

        long summary = table.Whole(SummaryId)[row];
        if (!seen.TryAdd((summary, moments.EventId), moments))
        {
            if (seen[(summary, moments.EventId)] != moments)
            {
                table.Problems.Add(
                    table.PlaceOf(row),
                    $"Event {moments.EventId} of summary {summary} has other moments in an earlier row; an event loss table has one loss an event.");
            }

            return;
        }

        (summaries.TryGetValue(summary, out List<OrdEltRow>? rows) ? rows : summaries[summary] = []).Add(moments);
    }

    private static string? Fault(in OrdEltRow row)
    {
        if (!(row.Mean >= 0 && row.SdIndependent >= 0 && row.SdCorrelated >= 0 && row.Exposure >= 0
            && double.IsFinite(row.Mean + row.SdIndependent + row.SdCorrelated + row.Exposure)))
        {
            return "A loss, a standard deviation or an exposure is negative or not finite; amounts of at least 0 were expected.";
        }

        return row.Exposure > 0 && row.Mean > row.Exposure
            ? FormattableString.Invariant($"'MeanLoss' {row.Mean} is above {row.Exposure}, the larger of 'MaxLoss' and 'FootprintExposure'; correct one of them.")
            : null;
    }
}
