using RiskDurable.Execution.Packing;
using RiskDurable.Execution.Planning;
using RiskDurable.Execution.Results;
using RiskDurable.Execution.Running;
using RiskDurable.Execution.Storage;
using RiskDurable.Portfolio.Files;

using RiskDurable.Reference;

namespace RiskDurable.EndToEnd;

/// <summary>A results folder, and what <c>report.json</c> in it says.</summary>
internal sealed record RollupOutput(string Folder, RollupReport Report)
{
    /// <summary>Packs and runs a portfolio in this process, as the command line does, into a folder of its own.</summary>
    public static async Task<RollupOutput> Create(string portfolio, string work, int blockTrials = PackSettings.DefaultBlockTrials, int threads = 1)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        string data = Path.Combine(work, "data");
        string folder = Path.Combine(work, "out");
        var store = new DiskObjectStore(Path.Combine(data, "objects"));
        var packer = new PortfolioPacker(store, new PackSettings(blockTrials, threads), data);
        PackedPortfolio packed = await packer.PackAsync(new FolderFiles(portfolio), null, cancellation);
        IReadOnlyList<Portfolio.Model.Deal> deals = await packed.Manifest.ReadDealsAsync(store, cancellation);
        var plan = RollupPlan.Create(packed.Manifest, deals, RollupSettings.Default with { ContributionPeriods = ExceedanceCurve.DefaultReturnPeriods });
        await new DirectRollup(new JobRunner(store, new TableCache(store), plan), store, threads).RunAsync(null, cancellation);
        var writer = new ResultWriter(store, plan, packed.Hash);
        await writer.WriteAsync(folder, "run", DateTimeOffset.UnixEpoch, csv: true, null, cancellation);
        return new RollupOutput(folder, ResultFiles.ReadReport(folder));
    }

    public List<YltRow> Ylt() => ResultFile.ReadYlt(Path.Combine(Folder, ResultFiles.YltCsv));

    public List<EptRow> Ept() => ResultFile.ReadEpt(Path.Combine(Folder, ResultFiles.Ept));

    /// <summary>Every difference from the reference, in words.</summary>
    public List<string> DifferencesFrom(ReferenceResult expected) =>
        [.. ResultComparison.OfYlt(expected, Ylt()), .. ResultComparison.OfEpt(expected, Ept()), .. ReportComparison.Of(expected, Report)];
}
