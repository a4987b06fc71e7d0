using System.Globalization;
using RiskDurable.Execution.Planning;
using RiskDurable.Execution.Results;
using RiskDurable.Kernel.Metrics;
using RiskDurable.Portfolio;
using Spectre.Console;

namespace RiskDurable.Cli.Commands;

/// <summary>Metrics of nodes as tables for people.</summary>
internal static class ReportTables
{
    private static readonly (EpType Type, double ReturnPeriod, string Title)[] Columns =
    [
        (EpType.Aep, 100, "AEP 100"),
        (EpType.Aep, 250, "AEP 250"),
        (EpType.Oep, 100, "OEP 100"),
        (EpType.AepTvar, 100, "TVaR 100"),
    ];

    private static readonly string[] Moments = ["AAL", "± s.e.", "P(loss)"];

    /// <summary>Writes the whole portfolio and its first level.</summary>
    /// <param name="console">Where to.</param>
    /// <param name="report">The report.</param>
    public static void WriteTop(IAnsiConsole console, RollupReport report) =>
        Write(console, report, [.. report.Nodes.Where(node => node.Kind <= NodeKind.Tag && NodePath.Parse(node.Node).Levels().Count <= 1)]);

    /// <summary>Writes what a run did, in a line.</summary>
    /// <param name="console">Where to.</param>
    /// <param name="record">The run.</param>
    public static void WriteRun(IAnsiConsole console, RunRecord record) => console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{record.Stages.Sum(stage => stage.Run):N0} jobs run, {record.Stages.Sum(stage => stage.Cached):N0} cached in {record.Actual.Seconds:F1} s "
        + $"({record.Actual.Hits / 1e6:N1} M losses), results written in {record.Actual.WriteSeconds:F1} s"));

    /// <summary>Writes one row a node.</summary>
    /// <param name="console">Where to.</param>
    /// <param name="report">The report.</param>
    /// <param name="nodes">Its nodes to show.</param>
    public static void Write(IAnsiConsole console, RollupReport report, IReadOnlyList<ReportedNode> nodes) => Write(
        console,
        string.Create(
            CultureInfo.InvariantCulture,
            $"{report.Portfolio.Name}: {report.Portfolio.Deals:N0} deals, {report.Portfolio.Trials:N0} trials, million {report.Portfolio.Currency}"),
        nodes);

    /// <summary>Writes one row a node.</summary>
    /// <param name="console">Where to.</param>
    /// <param name="title">Above the table.</param>
    /// <param name="nodes">The nodes.</param>
    public static void Write(IAnsiConsole console, string title, IReadOnlyList<ReportedNode> nodes)
    {
        Table table = new Table().Border(TableBorder.Rounded).Title(Markup.Escape(title));
        table.AddColumn("Node");
        foreach (string header in Moments.Concat(Columns.Select(column => column.Title)))
        {
            table.AddColumn(new TableColumn(header).RightAligned().NoWrap());
        }

        foreach (ReportedNode node in nodes)
        {
            table.AddRow(
            [
                Markup.Escape(node.Node),
                Millions(node.Aal),
                Millions(node.StandardError),
                (100 * node.AttachmentProbability).ToString("F1", CultureInfo.InvariantCulture) + " %",
                .. Columns.Select(column => Millions(LossAt(node, column.Type, column.ReturnPeriod))),
            ]);
        }

        console.Write(table);
    }

    private static double? LossAt(ReportedNode node, EpType type, double returnPeriod) =>
        node.Curves.FirstOrDefault(curve => curve.Name == type)?.Points.FirstOrDefault(point => point.ReturnPeriod == returnPeriod)?.Loss;

    private static string Millions(double? amount) => amount is { } value ? (value / 1e6).ToString("N2", CultureInfo.InvariantCulture) : "-";
}
