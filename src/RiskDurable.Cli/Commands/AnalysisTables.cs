using System.Globalization;
using RiskDurable.Execution.Analytics;
using RiskDurable.Execution.Results;
using RiskDurable.Kernel.Metrics;
using Spectre.Console;

namespace RiskDurable.Cli.Commands;

/// <summary>An analysis of deals as tables for people.</summary>
internal static class AnalysisTables
{
    private static readonly double[] Preferred = [100, 250];

    /// <summary>Writes for each deal what it and its layers lose, and what it does to the whole portfolio.</summary>
    /// <param name="console">Where to.</param>
    /// <param name="analysis">The analysis.</param>
    public static void Write(IAnsiConsole console, DealAnalysis analysis)
    {
        double[] all = [.. analysis.Portfolio.Curves.Count == 0 ? [] : analysis.Portfolio.Curves[0].Points.Select(point => point.ReturnPeriod)];
        double[] periods = Preferred.All(all.Contains) ? Preferred : [.. all.Take(2)];
        foreach (AnalysedDeal deal in analysis.Deals)
        {
            WriteLosses(console, analysis, deal, periods);
            WriteImpact(console, analysis, deal, periods);
        }
    }

    private static void WriteLosses(IAnsiConsole console, DealAnalysis analysis, AnalysedDeal deal, double[] periods)
    {
        Table table = NewTable($"{deal.Id}: losses, {analysis.Trials:N0} trials, million {analysis.Currency}", ["Variant", "Node"]);
        AddColumns(table, ["AAL", "± s.e.", "P(loss)", .. periods.SelectMany(period => new[] { Title("AEP", period), Title("OEP", period) })]);
        foreach (AnalysedVariant variant in deal.Variants)
        {
            foreach (ReportedNode node in variant.Layers.Prepend(variant.Deal))
            {
                table.AddRow(
                [
                    Markup.Escape(node == variant.Deal ? variant.Name : ""),
                    Markup.Escape(node == variant.Deal ? deal.Id : "  " + Portfolio.NodePath.Parse(node.Node).Levels()[^1].Value),
                    Millions(node.Aal),
                    node.StandardError is { } error ? Millions(error) : "-",
                    (100 * node.AttachmentProbability).ToString("F1", CultureInfo.InvariantCulture) + " %",
                    .. periods.SelectMany(period => new[] { Millions(LossAt(node, EpType.Aep, period)), Millions(LossAt(node, EpType.Oep, period)) }),
                ]);
            }
        }

        console.Write(table);
    }

    private static void WriteImpact(IAnsiConsole console, DealAnalysis analysis, AnalysedDeal deal, double[] periods)
    {
        Table table = NewTable(
            $"{deal.Id}: marginal impact on {analysis.PortfolioId}{(analysis.Run is { } run ? $" as of {run}" : "")}, million {analysis.Currency}",
            ["Variant", "Metric"]);
        AddColumns(table, ["Without", "With", "Marginal"]);
        foreach (AnalysedVariant variant in deal.Variants)
        {
            MarginalImpact impact = variant.Impact;
            AddRow(table, variant.Name, "AAL", impact.Aal.Without, impact.Aal.With, impact.Aal.Marginal);
            foreach (MarginalCurve curve in impact.Curves)
            {
                foreach (MarginalPoint point in curve.Points.Where(point => periods.Contains(point.ReturnPeriod)))
                {
                    string metric = curve.Name switch { EpType.Aep => "AEP", EpType.Oep => "OEP", EpType.AepTvar => "AEP TVaR", _ => "OEP TVaR" };
                    AddRow(table, "", Title(metric, point.ReturnPeriod), point.Without, point.With, point.Marginal);
                }
            }
        }

        console.Write(table);
        string[] dependants = [.. deal.Variants.SelectMany(variant => variant.Impact.Dependants).Distinct()];
        if (dependants.Length > 0)
        {
            console.WriteLine($"Included is what changes in deals that refer to it: {string.Join(", ", dependants.Take(10))}{(dependants.Length > 10 ? ", ..." : "")}");
        }
    }

    private static void AddRow(Table table, string variant, string metric, double without, double with, double marginal) =>
        table.AddRow(Markup.Escape(variant), metric, Millions(without), Millions(with), Millions(marginal));

    private static Table NewTable(FormattableString title, string[] names)
    {
        Table table = new Table().Border(TableBorder.Rounded).Title(Markup.Escape(title.ToString(CultureInfo.InvariantCulture)));
        foreach (string name in names)
        {
            table.AddColumn(name);
        }

        return table;
    }

    private static void AddColumns(Table table, IEnumerable<string> titles)
    {
        foreach (string title in titles)
        {
            table.AddColumn(new TableColumn(title).RightAligned().NoWrap());
        }
    }

    private static string Title(string metric, double period) => string.Create(CultureInfo.InvariantCulture, $"{metric} {period}");

    private static double? LossAt(ReportedNode node, EpType type, double period) =>
        node.Curves.FirstOrDefault(curve => curve.Name == type)?.Points.FirstOrDefault(point => point.ReturnPeriod == period)?.Loss;

    private static string Millions(double? amount) => amount is { } value ? (value / 1e6).ToString("N3", CultureInfo.InvariantCulture) : "-";
}
