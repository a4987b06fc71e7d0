using RiskDurable.Execution.Results;
using RiskDurable.Kernel.Metrics;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace RiskDurable.Cli.Commands;

/// <summary>Draws exceedance curves over a logarithmic axis of return periods; the band is the 95 % interval.</summary>
internal static class CurvePlot
{
    private const int Width = 1200;
    private const int Height = 750;

    /// <summary>Whether a file's name says a format that can be drawn.</summary>
    public static bool CanWrite(string file) => Path.GetExtension(file).ToUpperInvariant() is ".PNG" or ".SVG";

    /// <summary>Draws AEP and OEP of nodes.</summary>
    /// <param name="file">Ends in .png or .svg; replaced.</param>
    /// <param name="report">The report.</param>
    /// <param name="nodes">Nodes of the report.</param>
    public static void Write(string file, RollupReport report, IEnumerable<ReportedNode> nodes)
    {
        using var plot = new Plot();
        foreach (ReportedNode node in nodes)
        {
            // Told apart by width and marker: dashes do not survive in SVG.
            foreach ((EpType type, float width, MarkerShape marker) in new[]
            {
                (EpType.Aep, 2.5f, MarkerShape.FilledCircle), (EpType.Oep, 1f, MarkerShape.OpenCircle),
            })
            {
                ReportedPoint[] points = [.. node.Curves.First(curve => curve.Name == type).Points];
                double[] periods = [.. points.Select(point => Math.Log10(point.ReturnPeriod))];
                ScottPlot.Plottables.Scatter line = plot.Add.Scatter(periods, [.. points.Select(point => point.Loss / 1e6)]);
                line.LegendText = $"{type.ToString().ToUpperInvariant()} {node.Node}";
                line.MarkerShape = marker;
                line.LineWidth = width;
                ReportedPoint[] banded = [.. points.Where(point => point is { Lower: not null, Upper: not null })];
                if (banded.Length > 1)
                {
                    ScottPlot.Plottables.FillY band = plot.Add.FillY(
                        [.. banded.Select(point => Math.Log10(point.ReturnPeriod))],
                        [.. banded.Select(point => point.Lower!.Value / 1e6)],
                        [.. banded.Select(point => point.Upper!.Value / 1e6)]);
                    band.FillColor = line.Color.WithAlpha(0.15);
                    band.LineWidth = 0;
                }
            }
        }

        plot.Title($"{report.Portfolio.Name}: exceedance curves, {report.Portfolio.Trials:N0} trials");
        plot.XLabel("Return period (years)");
        plot.YLabel($"Loss (million {report.Portfolio.Currency})");
        plot.Axes.Bottom.TickGenerator = new NumericManual(
            [.. ReturnPeriodGrid.DefaultReturnPeriods.ToArray().Select(period => new Tick(Math.Log10(period), $"{period:0}"))]);
        plot.ShowLegend(Alignment.UpperLeft);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        if (Path.GetExtension(file).Equals(".svg", StringComparison.OrdinalIgnoreCase))
        {
            plot.SaveSvg(file, Width, Height);
        }
        else
        {
            plot.SavePng(file, Width, Height);
        }
    }
}
