namespace RiskDurable.EndToEnd;

/// <summary>Whatever is wrong with a folder, the command line says so and ends.</summary>
public sealed class SpoiltFolderTests
{
    private static readonly int Seeds = LongTests.Choose(2000, 30_000);

    [Fact]
    public async Task A_spoilt_folder_is_run_or_refused_and_never_crashes()
    {
        using var folders = new SpoiltFolders();
        using var work = new TemporaryFolder();
        var failures = new List<string>();
        int refused = 0;
        for (int seed = 0; seed < Seeds; seed++)
        {
            (string folder, string change) = folders.Create(seed);
            RiskOutcome validated = await RiskCommand.Run("validate", folder);
            Judge(validated, $"validate, {change}", failures);
            refused += validated.ExitCode == 2 ? 1 : 0;

            // A number of trials with three digits more is sound, only long: the spoilt tables are small.
            if (!File.Exists(Path.Combine(folder, "portfolio.json")) || TrialsOf(folder) <= 100_000)
            {
                string place = work[$"{seed}"];
                RiskOutcome run = await RiskCommand.Run("rollup", folder, "--out", Path.Combine(place, "out"), "--data", Path.Combine(place, "data"), "--csv");
                Judge(run, $"rollup, {change}", failures);
                if (validated.ExitCode == 2 && run.ExitCode != 2)
                {
                    failures.Add($"{change}: validate refuses what rollup runs: {validated.Text}");
                }

                if (run.ExitCode != 0 && Directory.Exists(Path.Combine(place, "out")) && Directory.EnumerateFiles(Path.Combine(place, "out")).Any())
                {
                    failures.Add($"{change}: refused, but results are there");
                }

                if (Directory.Exists(place))
                {
                    Directory.Delete(place, recursive: true);
                }
            }

            Directory.Delete(folder, recursive: true);
        }

        Assert.True(failures.Count == 0, $"{failures.Count} failures:{Environment.NewLine}{string.Join(Environment.NewLine, failures.Take(10))}");
        Assert.InRange(refused, Seeds / 2, Seeds * 95 / 100);
    }

    private static void Judge(RiskOutcome outcome, string what, List<string> failures)
    {
        bool trace = outcome.Text.Contains("   at ", StringComparison.Ordinal) || outcome.Text.Contains("Exception", StringComparison.Ordinal);
        if (outcome.ExitCode is not (0 or 2) || trace || (outcome.ExitCode == 2 && outcome.Text.Trim().Length < 20))
        {
            failures.Add($"{what}: exit code {outcome.ExitCode}: {outcome.Text}");
        }
    }

    private static long TrialsOf(string folder)
    {
        string text = File.ReadAllText(Path.Combine(folder, "portfolio.json"));
        int at = text.IndexOf("\"trials\"", StringComparison.Ordinal);
        string digits = at < 0 ? "" : new string([.. text[(at + 8)..].SkipWhile(c => !char.IsAsciiDigit(c)).TakeWhile(c => char.IsAsciiDigit(c) || c is '.' or 'e' or 'E' or '+')]);
        return double.TryParse(digits, System.Globalization.CultureInfo.InvariantCulture, out double trials) ? (long)trials : 0;
    }
}
