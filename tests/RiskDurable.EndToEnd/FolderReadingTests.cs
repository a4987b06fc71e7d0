using RiskDurable.Kernel;
using RiskDurable.Portfolio.Files;
using RiskDurable.Portfolio.Model;
using RiskDurable.Portfolio.Reading;
using RiskDurable.Portfolio.Tables;
using RiskDurable.Reference;

namespace RiskDurable.EndToEnd;

public sealed class FolderReadingTests
{
    private static readonly int Seeds = LongTests.Choose(200, 3000);

    [Fact]
    public void Every_way_of_writing_a_portfolio_is_read_as_what_it_says()
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            using var folder = new TemporaryFolder();
            Book book = RandomPortfolio.Create(seed);
            PortfolioFolder.Write(book, folder.Path, seed);
            Compare(book, new FolderFiles(folder.Path), seed);
        }
    }

    private static void Compare(Book book, FolderFiles files, int seed)
    {
        PortfolioDefinition definition = PortfolioReader.Read(files);
        string place = $"seed {seed}";
        Assert.True(book.Trials == definition.Trials && book.Currency == definition.Currency && book.Rollup.SequenceEqual(definition.Rollup), place);
        Assert.All(book.Fx, rate => Assert.Equal(rate.Value, definition.Fx[rate.Key]));
        Assert.Equal(book.Deals.Count, definition.Deals.Count);
        foreach ((Reference.Deal written, Portfolio.Model.Deal read) in book.Deals.Zip(definition.Deals))
        {
            Assert.Equal((written.Id, written.Currency), (read.Id, read.Currency));
            Assert.All(written.Tags, tag => Assert.Equal(tag.Value, read.Tags[tag.Key]));
            Assert.Equal(written.Layers.Count, read.Layers.Count);
            Assert.All(written.Layers.Zip(read.Layers), layers => Compare(layers.First, layers.Second));
        }

        foreach (LossTable elt in book.Elts.Where(elt => definition.Elts.ContainsKey(elt.Id)))
        {
            EventLossTable table = EltReader.Read(files, definition.Elts[elt.Id]);
            Assert.Equal(elt.Currency, definition.Elts[elt.Id].Currency);
            (long, double)[] sums = [.. elt.Rows.GroupBy(row => row.EventId).OrderBy(rows => rows.Key).Select(rows => (rows.Key, rows.Sum(row => row.MeanLoss)))];
            Assert.Equal(sums, table.EventIds.Zip(table.MeanLosses));
        }

        var rows = new List<YetRow>();
        foreach (YetBatch batch in YetReader.Read(files, definition.YetFile, definition.Trials))
        {
            for (int i = 0; i < batch.Count; i++)
            {
                rows.Add(new YetRow(batch.Trial[i], batch.EventId[i], batch.Day[i]));
            }
        }

        Assert.True(book.Yet.SequenceEqual(rows), $"{place}: {definition.YetFile}");
    }

    private static void Compare(Reference.Layer written, Portfolio.Model.Layer read)
    {
        var terms = new LayerTerms(
            written.OccurrenceRetention, written.EffectiveOccurrenceLimit, written.AggregateRetention, written.EffectiveAggregateLimit, written.Franchise);
        Assert.Equal((written.Id, terms, written.Share, written.Premium), (read.Id, read.Terms, read.Share, read.Premium));
        Assert.Equal(written.Position.ToString(), read.Position.ToString());
        Assert.Equal(
            written.Subject.Select(term => (term.Elt, term.Layer, term.Factor)),
            read.Subject.Select(term => (term.Elt, term.Layer?.ToString(), term.Factor)));
        Assert.Equal(
            written.Reinstatements.Select(reinstatement => (reinstatement.Count, reinstatement.Rate)),
            read.Reinstatements.Select(reinstatement => (reinstatement.Count, reinstatement.Rate)));
    }
}
