namespace RiskDurable.Reference.Tests;

public sealed class IndependenceTests
{
    [Fact]
    public void The_reference_knows_nothing_of_the_product() =>
        Assert.DoesNotContain(
            typeof(NaiveReference).Assembly.GetReferencedAssemblies(),
            name => name.Name!.StartsWith("RiskDurable", StringComparison.Ordinal) || name.Name == "risk");

    [Fact]
    public void Every_form_of_a_folder_is_written_and_the_same_seed_writes_the_same_bytes()
    {
        string root = Directory.CreateTempSubdirectory("riskdurable-").FullName;
        try
        {
            for (int seed = 0; seed < 30; seed++)
            {
                string[] folders = [Path.Combine(root, $"{seed}a"), Path.Combine(root, $"{seed}b")];
                Array.ForEach(folders, folder => PortfolioFolder.Write(RandomPortfolio.Create(seed), folder, seed));
                string[] files = [.. Directory.EnumerateFiles(folders[0], "*", SearchOption.AllDirectories).Order()];
                Assert.Contains(files, file => Path.GetFileName(file) == "portfolio.json");
                Assert.All(files, file => Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(file.Replace(folders[0], folders[1]))));
            }

            string[] all = [.. Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Select(file => Path.GetFileName(file))];
            Assert.Contains("yet.csv", all);
            Assert.Contains("yet.parquet", all);
            Assert.Contains("deals.jsonl", all);
            Assert.Contains("E1.csv", all);
            Assert.Contains("E1.parquet", all);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }
}
