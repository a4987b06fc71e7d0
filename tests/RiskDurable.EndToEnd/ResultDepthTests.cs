using RiskDurable.Reference;

namespace RiskDurable.EndToEnd;

public sealed class ResultDepthTests
{
    [Theory]
    [InlineData("portfolio")]
    [InlineData("tags")]
    [InlineData("deals")]
    [InlineData("layers")]
    public async Task Results_go_as_deep_as_asked_and_keep_their_numbers(string level)
    {
        using var folder = new TemporaryFolder();
        Book book = RandomPortfolio.Create(6);
        PortfolioFolder.Write(book, folder["portfolio"]);
        RiskOutcome outcome = await RiskCommand.Run(
            "rollup", folder["portfolio"], "--out", folder["out"], "--data", folder["data"], "--csv", "--level", level);
        Assert.True(outcome.ExitCode == 0, outcome.Text);

        ReferenceResult expected = NaiveReference.Run(book);
        Dictionary<string, NodeYears> wanted = expected.Nodes.Where(node => IsWanted(node.Key, level)).ToDictionary();
        ReferenceResult part = expected with { Nodes = wanted };
        Assert.Empty(ResultComparison.OfYlt(part, ResultFile.ReadYlt(Path.Combine(folder["out"], "ylt.csv"))));
        Assert.Empty(ResultComparison.OfEpt(part, ResultFile.ReadEpt(Path.Combine(folder["out"], "ept.csv"))));
    }

    private static bool IsWanted(string node, string level)
    {
        string kind = node == NodePath.Root ? "portfolio" : node.Contains("/layer=", StringComparison.Ordinal) ? "layers"
            : node.Contains("/deal=", StringComparison.Ordinal) ? "deals" : "tags";
        string[] depths = ["portfolio", "tags", "deals", "layers"];
        return Array.IndexOf(depths, kind) <= Array.IndexOf(depths, level);
    }
}
