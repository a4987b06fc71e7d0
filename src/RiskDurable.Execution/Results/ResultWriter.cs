using System.Reflection;
using System.Text.Json;
using RiskDurable.Execution.Planning;
using RiskDurable.Execution.Running;
using RiskDurable.Execution.Storage;
using RiskDurable.Kernel;
using RiskDurable.Kernel.Metrics;
using RiskDurable.Portfolio.Results;

namespace RiskDurable.Execution.Results;

/// <summary>Writes a rollup's result files from the outputs in a store. Each appears whole or not at all.</summary>
/// <param name="store">Where the outputs are.</param>
/// <param name="plan">The plan; all its jobs have run.</param>
/// <param name="manifestHash">Hash of the plan's manifest.</param>
public sealed class ResultWriter(IObjectStore store, RollupPlan plan, string manifestHash)
{
    /// <summary>Writes <c>report.json</c>, <c>ept.csv</c>, <c>ylt.parquet</c> and perhaps <c>ylt.csv</c>.</summary>
    /// <param name="folder">The results folder; created if need be.</param>
    /// <param name="runId">The run's id.</param>
    /// <param name="createdAt">When the run ended.</param>
    /// <param name="csv">Whether to write <c>ylt.csv</c>.</param>
    /// <param name="progress">Told the share of nodes written, 0 to 1.</param>
    /// <param name="cancellationToken">Stops; files not complete by then are not there.</param>
    /// <exception cref="UnreadableObjectException">An output is missing or damaged.</exception>
    public async Task<RollupReport> WriteAsync(
        string folder, string runId, DateTimeOffset createdAt, bool csv, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        var groups = new IReadOnlyList<NodeReport>[plan.Groups.Count];
        await ParallelReads.EachAsync(
            groups.Length,
            async (group, cancel) => groups[group] = await ReportJson.ReadAsync(store, plan.ReportKey(group), cancel).ConfigureAwait(false),
            cancellationToken).ConfigureAwait(false);
        List<NodeReport> reports = [.. groups.SelectMany(group => group)];
        reports.Sort((a, b) => string.CompareOrdinal(a.Node, b.Node));
        await WriteYearLossesAsync(folder, csv, progress, cancellationToken).ConfigureAwait(false);
        WriteCurves(Path.Combine(folder, ResultFiles.Ept), reports);
        RollupReport report = ReportOf(runId, createdAt, reports);
        WriteJson(Path.Combine(folder, ResultFiles.Report), JsonSerializer.SerializeToUtf8Bytes(report, ResultJson.Default.RollupReport));
        return report;
    }

    /// <summary>Writes <c>plan.json</c>.</summary>
    /// <param name="folder">The results folder; created if need be.</param>
    /// <param name="record">What the run had to do and did.</param>
    public static void WritePlan(string folder, RunRecord record)
    {
        Directory.CreateDirectory(folder);
        WriteJson(Path.Combine(folder, ResultFiles.Plan), JsonSerializer.SerializeToUtf8Bytes(record, ResultJson.Default.RunRecord));
    }

    /// <summary>Year losses node by node in the order of paths; each node's come from every block.</summary>
    private async Task WriteYearLossesAsync(string folder, bool csv, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        ReportNode[] nodes = [.. plan.Groups.SelectMany(group => group.Nodes).OrderBy(node => node.Path)];
        using var parquet = new YltParquetWriter(Path.Combine(folder, ResultFiles.YltParquet));
        using YltCsvWriter? text = csv ? new YltCsvWriter(Path.Combine(folder, ResultFiles.YltCsv)) : null;
        var years = new NodeYears();
        var unreadable = new List<UnreadableObjectException>();
        int[] trials = [];
        for (int number = 0; number < nodes.Length; number++)
        {
            ReportNode node = nodes[number];
            using var sections = new BlockSections(store, plan, new ReportGroup(0, [node with { Parent = null }]));
            try
            {
                await sections.LoadAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (UnreadableObjectException found)
            {
                // The other nodes are read all the same, as more may have to be produced again.
                unreadable.Add(found);
            }

            if (unreadable.Count > 0)
            {
                continue;
            }

            sections.Fill(years, node.Losses, double.NaN);
            if (trials.Length < years.Count)
            {
                trials = new int[years.Trials.Length];
            }

            // Counted from 1 in files.
            for (int i = 0; i < years.Count; i++)
            {
                trials[i] = years.Trials[i] + 1;
            }

            parquet.Write(node.Path.Text, trials.AsSpan(0, years.Count), years.Aggregate, years.MaxOccurrence, years.ReinstatementPremium);
            text?.Write(node.Path.Text, trials.AsSpan(0, years.Count), years.Aggregate, years.MaxOccurrence, years.ReinstatementPremium);
            progress?.Report((number + 1.0) / nodes.Length);
        }

        if (unreadable.Count > 0)
        {
            throw UnreadableObjectException.Of(unreadable);
        }

        parquet.Complete();
        text?.Complete();
    }

    private static void WriteCurves(string path, List<NodeReport> reports)
    {
        using var ept = new EptCsvWriter(path);
        foreach (NodeReport report in reports)
        {
            foreach (IGrouping<EpType, ExceedancePoint> curve in report.Metrics.Points.GroupBy(point => point.Type).OrderBy(curve => curve.Key))
            {
                ept.Write(
                    report.Node, (int)curve.Key, [.. curve.Select(point => point.ReturnPeriod)], [.. curve.Select(point => point.Loss)]);
            }
        }

        ept.Complete();
    }

    private static void WriteJson(string path, byte[] json)
    {
        string temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            File.WriteAllBytes(temporary, json);
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private RollupReport ReportOf(string runId, DateTimeOffset createdAt, List<NodeReport> reports)
    {
        Packing.PortfolioManifest manifest = plan.Manifest;
        return new RollupReport(
            RollupReport.CurrentSchema,
            runId,
            createdAt,
            typeof(ResultWriter).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion,
            KernelVersion.Current,
            plan.Settings.Sampling is null ? "mean" : "beta",
            plan.Settings.Sampling?.Seed,
            new ReportedPortfolio(
                manifest.Portfolio, manifest.Name, manifest.Currency, manifest.Fx, manifest.Trials, manifest.Occurrences, manifest.DealCount, manifest.LayerCount, plan.Settings.RankConvention),
            new InputDigests(
                manifestHash,
                manifest.Deals,
                [.. manifest.Blocks.Select(block => block.Hash)],
                manifest.Elts.ToDictionary(elt => elt.Id, elt => elt.Hash),
                manifest.Weights),
            [.. reports.Select(ReportedNode.Of)]);
    }
}
