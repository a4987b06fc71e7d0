using RiskDurable.Portfolio;
using RiskDurable.Portfolio.Files;
using RiskDurable.Portfolio.Model;
using RiskDurable.Portfolio.Reading;
using RiskDurable.Portfolio.Tables;

namespace RiskDurable.EndToEnd;

public sealed class SpoiltFolderReadingTests
{
    private static readonly int Seeds = LongTests.Choose(2000, 50_000);

    [Fact]
    public void A_spoilt_folder_is_read_or_refused_with_every_problem_named()
    {
        using var folders = new SpoiltFolders();
        var failures = new List<string>();
        int refused = 0;
        for (int seed = 0; seed < Seeds; seed++)
        {
            (string folder, string change) = folders.Create(seed);
            try
            {
                ReadAll(new FolderFiles(folder));
            }
            catch (BadInputException error)
            {
                refused++;
                if (error.Problems.Any(problem => problem.File.Length == 0 || problem.Message.Length < 10))
                {
                    failures.Add($"{change}: {error.Message}");
                }
            }
            catch (Exception error)
            {
                failures.Add($"{change}: {error}");
            }

            Directory.Delete(folder, recursive: true);
        }

        Assert.True(failures.Count == 0, string.Join(Environment.NewLine, failures.Take(10)));
        Assert.InRange(refused, Seeds / 2, Seeds * 95 / 100);
    }

    private static void ReadAll(FolderFiles files)
    {
        PortfolioDefinition definition = PortfolioReader.Read(files);
        foreach (EltReference elt in definition.Elts.Values)
        {
            EltReader.Read(files, elt);
        }

        long rows = 0;
        foreach (YetBatch batch in YetReader.Read(files, definition.YetFile, definition.Trials))
        {
            rows += batch.Count;
        }

        Assert.InRange(rows, 0, 1_000_000);
    }
}
