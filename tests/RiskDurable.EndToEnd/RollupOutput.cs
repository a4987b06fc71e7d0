using RiskDurable.Execution.Packing;
using RiskDurable.Execution.Planning;
using RiskDurable.Execution.Results;
using RiskDurable.Execution.Running;
using RiskDurable.Kernel;
using RiskDurable.Reference;

namespace RiskDurable.EndToEnd;

/// <summary>A results folder, and what <c>report.json</c> in it says.</summary>
internal sealed record RollupOutput(string Folder, RollupReport Report)
{
    /// <summary>Runs a portfolio in this process, with objects and results of its own below <paramref name="work"/>.</summary>
    public static async Task<RollupOutput> Create(string portfolio, string work, int blockTrials = PackSettings.DefaultBlockTrials, int threads = 1, LossSampling? sampling = null)
    {
        string folder = Path.Combine(work, "out");
        await DirectRun.ExecuteAsync(
            new DirectRunRequest(
                portfolio,
                folder,
                Path.Combine(work, "data"),
                RollupSettings.Default with { ContributionPeriods = ExceedanceCurve.DefaultReturnPeriods, Sampling = sampling },
                new PackSettings(blockTrials, threads),
                threads,
                Csv: true),
            observer: null,
            TestContext.Current.CancellationToken);
        return new RollupOutput(folder, ResultFiles.ReadReport(folder));
    }

    public List<YltRow> Ylt() => ResultFile.ReadYlt(Path.Combine(Folder, ResultFiles.YltCsv));

    public List<EptRow> Ept() => ResultFile.ReadEpt(Path.Combine(Folder, ResultFiles.Ept));

    /// <summary>Every difference from the reference, in words.</summary>
    public List<string> DifferencesFrom(ReferenceResult expected) =>
        [.. ResultComparison.OfYlt(expected, Ylt()), .. ResultComparison.OfEpt(expected, Ept()), .. ReportComparison.Of(expected, Report)];
}
