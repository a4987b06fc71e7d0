using RiskDurable.Execution.Packing;
using RiskDurable.Execution.Planning;
using RiskDurable.Execution.Running;
using RiskDurable.Portfolio;

namespace RiskDurable.EndToEnd;

/// <summary>Whatever is wrong with a folder, the product says so and ends.</summary>
public sealed class SpoiltFolderTests
{
    /// <summary>A number of trials with more digits is sound, only long.</summary>
    private const long MostTrials = 100_000;

    /// <summary>The whole command line starts a durable host each time: a part of the folders is enough for it.</summary>
    private const int CommandLineEvery = 100;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly int Seeds = LongTests.Choose(2000, 30_000);

    [Fact]
    public async Task A_spoilt_folder_is_run_or_refused_and_never_crashes()
    {
        using var folders = new SpoiltFolders();
        using var work = new TemporaryFolder();
        var failures = new List<string>();
        int refusals = 0;
        for (int seed = 0; seed < Seeds; seed++)
        {
            (string folder, string change) = folders.Create(seed);
            RiskOutcome validated = await RiskCommand.Run("validate", folder);
            if (validated.ExitCode is not (0 or 2) || IsTrace(validated) || validated.Text.Trim().Length < 20)
            {
                failures.Add($"validate, {change}: exit code {validated.ExitCode}: {validated.Text}");
            }

            refusals += validated.ExitCode == 2 ? 1 : 0;
            if (validated.ExitCode != 0 || TrialsIn(validated.Text) <= MostTrials)
            {
                failures.AddRange(await FailuresOfRun(folder, work[$"{seed}"], isSound: validated.ExitCode == 0, change));
            }

            if (seed % CommandLineEvery == 0 && (validated.ExitCode != 0 || TrialsIn(validated.Text) <= MostTrials))
            {
                RiskOutcome run = await RiskCommand.Run("rollup", folder, "--out", work[$"{seed}-out"], "--data", work[$"{seed}-data"]);
                if (run.ExitCode != validated.ExitCode || IsTrace(run))
                {
                    failures.Add($"rollup, {change}: exit code {run.ExitCode}: {run.Text}");
                }
            }

            Directory.Delete(folder, recursive: true);
        }

        Assert.True(failures.Count == 0, $"{failures.Count} failures:{Environment.NewLine}{string.Join(Environment.NewLine, failures.Take(10))}");
        Assert.InRange(refusals, Seeds / 2, Seeds * 95 / 100);
    }

    private static async Task<List<string>> FailuresOfRun(string portfolio, string work, bool isSound, string change)
    {
        var failures = new List<string>();
        string results = Path.Combine(work, "out");
        var request = new DirectRunRequest(portfolio, results, Path.Combine(work, "data"), RollupSettings.Default, new PackSettings(), Threads: 1, Csv: true);
        try
        {
            await DirectRun.ExecuteAsync(request, null, TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);
            if (!isSound)
            {
                failures.Add($"{change}: validate refuses what runs");
            }
        }
        catch (BadInputException error)
        {
            if (isSound)
            {
                failures.Add($"{change}: validate lets pass what is refused: {error.Message}");
            }

            if (Directory.Exists(results) && Directory.EnumerateFileSystemEntries(results).Any())
            {
                failures.Add($"{change}: refused, but results are there");
            }
        }
        catch (Exception error)
        {
            failures.Add($"{change}: {error}");
        }

        if (Directory.Exists(work))
        {
            Directory.Delete(work, recursive: true);
        }

        return failures;
    }

    private static bool IsTrace(RiskOutcome outcome) =>
        outcome.Text.Contains("   at ", StringComparison.Ordinal) || outcome.Text.Contains("Unhandled", StringComparison.Ordinal);

    /// <summary>The number before "trials" in what <c>validate</c> says of a sound portfolio.</summary>
    private static long TrialsIn(string text)
    {
        string before = text[..text.IndexOf(" trials", StringComparison.Ordinal)];
        return long.Parse(before[(before.LastIndexOf(' ') + 1)..].Replace(",", "", StringComparison.Ordinal), System.Globalization.CultureInfo.InvariantCulture);
    }
}
