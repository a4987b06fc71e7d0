using RiskDurable.Kernel;
using RiskDurable.Portfolio.Files;
using RiskDurable.Portfolio.Model;
using RiskDurable.Portfolio.Reading;
using RiskDurable.Portfolio.Writing;

namespace RiskDurable.Portfolio.Tests;

public sealed class PortfolioWriterTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("riskdurable-written-").FullName;

    [Theory]
    [InlineData(1)]
    [InlineData(51)]
    public void A_written_portfolio_reads_back_the_same(int copies)
    {
        var fx = new Dictionary<string, double> { ["EUR"] = 1.1, ["USD"] = 1 };
        var elts = new Dictionary<string, EltReference> { ["E1"] = new("E1", "elts/one.csv", "EUR") };
        SubjectTerm elt = new("E1", null, 1);
        Layer[] layers =
        [
            new("all", [elt], LayerTerms.GroundUp, 1, LayerPosition.Assumed, 0, []),
            new("every", [elt, new(null, new LayerId("D0", "all"), -0.25)], new LayerTerms(1, 2, 3, 4, 5), 0.5, LayerPosition.Ceded, 6.5, []),
            new("implied", [elt], new LayerTerms(1, 2, 0, 8, 0), 0, LayerPosition.Memo, 1, [new(2, 1), new(1, 0.5)]),
            new("given", [elt], new LayerTerms(1, 2, 0, 3, 0), 1, LayerPosition.Assumed, 1, [new(1, 0)]),
            new("nothing", [elt], new LayerTerms(0, 0, 0, 0, 0), 1, LayerPosition.Assumed, 0, []),
        ];
        Deal[] deals = [.. Enumerable.Range(0, copies).Select(i =>
            new Deal($"D{i}", "Zürich \"x\"", "USD", new Dictionary<string, string> { ["lob"] = "a/b" }, layers))];
        var written = new PortfolioDefinition("p", "name", "USD", fx, 7, "yet.csv", elts, ["lob"], deals);
        PortfolioWriter.Write(_folder, written);
        Directory.CreateDirectory(Path.Combine(_folder, "elts"));
        File.WriteAllText(Path.Combine(_folder, "elts", "one.csv"), "event_id,mean_loss\n");
        File.WriteAllText(Path.Combine(_folder, "yet.csv"), "trial,event_id,day\n");

        PortfolioDefinition read = PortfolioReader.Read(new FolderFiles(_folder));
        Assert.Equivalent(written, read, strict: true);
        Assert.Equal(copies > 50, File.Exists(Path.Combine(_folder, "deals.jsonl")));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
