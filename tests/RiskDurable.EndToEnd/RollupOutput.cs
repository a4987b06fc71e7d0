using RiskDurable.Reference;

namespace RiskDurable.EndToEnd;

/// <summary>What <c>risk rollup --csv</c> leaves in its folder.</summary>
internal sealed record RollupOutput(string Folder)
{
    public string YltFile => Path.Combine(Folder, "ylt.csv");

    public string EptFile => Path.Combine(Folder, "ept.csv");

    public List<YltRow> Ylt() => ResultFile.ReadYlt(YltFile);

    public List<EptRow> Ept() => ResultFile.ReadEpt(EptFile);

    /// <summary>Runs in this process over the portfolio in <paramref name="portfolio"/>; anything but success fails the test.</summary>
    public static async Task<RollupOutput> Create(string portfolio, string work, params string[] options)
    {
        string folder = Path.Combine(work, "out");
        RiskOutcome outcome = await RiskCommand.Run(
            ["rollup", portfolio, "--out", folder, "--data", Path.Combine(work, "data"), "--csv", "--threads", "2", .. options]);
        Assert.True(outcome.ExitCode == 0, $"exit code {outcome.ExitCode}: {outcome.Text}");
        return new RollupOutput(folder);
    }

    /// <summary>Every difference from the reference, in words.</summary>
    public List<string> DifferencesFrom(ReferenceResult expected) =>
        [.. ResultComparison.OfYlt(expected, Ylt()), .. ResultComparison.OfEpt(expected, Ept())];

    /// <summary>The year losses of one node; years that the file leaves out are 0.</summary>
    public double[] AggregateLosses(string node, int trials)
    {
        var years = new double[trials];
        foreach (YltRow row in Ylt().Where(row => row.Node == node))
        {
            years[row.Trial - 1] = row.AggregateLoss;
        }

        return years;
    }
}
