using RiskDurable.Portfolio.Tables;
using RiskDurable.Portfolio.Writing;

namespace RiskDurable.Portfolio.Tests;

public sealed class YetReaderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("riskdurable-yet-").FullName;

    public static TheoryData<string, string> Refusals => new()
    {
        { "trial,event_id\n", "yet.csv: line 1: The table has no column 'day'." },
        { "trial,event_id,days\n", "yet.csv: line 1: There is no column 'days' in this table. Did you mean 'day'?" },
        { "trial,event_id,day\n0,1,1\n", "yet.csv: line 2: 'trial' is 0, outside 1..10; correct it, or 'trials' in portfolio.json." },
        { "trial,event_id,day\n1,1,1\n11,1,1\n", "yet.csv: line 3: 'trial' is 11, outside 1..10" },
        { "trial,event_id,day\n4294967297,1,1\n", "yet.csv: line 2: 'trial' is 4294967297, outside 1..10" },
        { "trial,event_id,day\n-9223372036854775808,1,1\n", "yet.csv: line 2: 'trial' is -9223372036854775808, outside 1..10" },
        { "trial,event_id,day\n1,1,NaN\n", "yet.csv: line 2: 'day' is NaN; a finite number was expected." },
        { "trial,event_id,day\n1,x,1\n", "yet.csv: line 2: 'event_id' is 'x'; a whole number was expected." },
        { "trial,event_id,day,z\n1,1,1,0\n", "yet.csv: line 2: 'z' is 0; a number above 0 and below 1 was expected." },
        { "trial,event_id,day,z\n1,1,1,1\n", "yet.csv: line 2: 'z' is 1; a number above 0 and below 1 was expected." },
        { "trial,event_id,day\n1,1\n", "yet.csv: line 2: 3 fields were expected, as in the header, but there are 2." },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void A_table_is_refused_with_the_line_and_the_reason(string csv, string expected)
    {
        string[] problems = PortfolioFolder.ProblemsOf(() => Rows(new PortfolioFolder { ["yet.csv"] = csv }, "yet.csv"));
        Assert.StartsWith(expected, problems.FirstOrDefault(), StringComparison.Ordinal);
        Assert.InRange(problems.Length, 1, 2);
    }

    [Fact]
    public void Rows_keep_their_order_across_batches_in_both_formats()
    {
        const int Seed = 7;
        const int Rows = 200_000;
        var random = new Random(Seed);
        var expected = new (int Trial, long Event, double Day, double Z)[Rows];
        foreach (ref var row in expected.AsSpan())
        {
            row = (random.Next(1, 11), random.NextInt64(), random.Next(36500) / 100.0, (random.Next(1 << 30) + 0.5) / (1 << 30));
        }

        foreach (string name in new[] { "yet.csv", "yet.parquet" })
        {
            using (var writer = new YetWriter(Path.Combine(_folder, name), hasZ: true))
            {
                foreach ((int trial, long id, double day, double z) in expected)
                {
                    writer.Add(trial, id, day, z);
                }

                writer.Complete();
            }

            var seen = new List<long>();
            var progress = new Recorder(seen);
            var files = new Files.FolderFiles(_folder);
            int at = 0;
            double fraction = 0;
            foreach (YetBatch batch in YetReader.Read(files, name, 10, progress))
            {
                Assert.Equal(at, batch.FirstRow);
                Assert.InRange(batch.Count, 1, 65_536);
                Assert.True(batch.HasZ);
                Assert.True(batch.FractionRead > fraction);
                fraction = batch.FractionRead;
                for (int i = 0; i < batch.Count; i++)
                {
                    Assert.Equal(expected[at++], (batch.Trial[i], batch.EventId[i], batch.Day[i], batch.Z[i]));
                }
            }

            Assert.Equal(Rows, at);
            Assert.Equal(1, fraction, 6);
            Assert.Equal([65_536L, 131_072, 196_608, 200_000], seen);
            Assert.Equal(name == "yet.csv" ? null : Rows, YetReader.CountRows(files, name));
        }
    }

    [Fact]
    public void A_table_without_z_says_so()
    {
        var folder = new PortfolioFolder { ["yet.csv"] = "day,event_id,trial\n1.5,7,3\n" };
        foreach (YetBatch batch in YetReader.Read(folder, "yet.csv", 10))
        {
            Assert.False(batch.HasZ);
            Assert.True(batch.Z.IsEmpty);
            Assert.Equal((3, 7L, 1.5), (batch.Trial[0], batch.EventId[0], batch.Day[0]));
        }
    }

    [Fact]
    public void A_table_without_rows_is_no_error() =>
        Assert.Equal(0, Rows(new PortfolioFolder { ["yet.csv"] = "trial,event_id,day\n" }, "yet.csv"));

    [Fact]
    public void After_a_problem_no_batch_is_given_and_the_rest_is_still_checked()
    {
        string good = string.Concat(Enumerable.Repeat("1,1,1\n", 70_000));
        var folder = new PortfolioFolder { ["yet.csv"] = "trial,event_id,day\n" + good + "99,1,1\n" + good + "0,1,1\n" };
        int rows = 0;
        string[] problems = PortfolioFolder.ProblemsOf(() =>
        {
            foreach (YetBatch batch in YetReader.Read(folder, "yet.csv", 10))
            {
                rows += batch.Count;
            }
        });
        Assert.Equal(65_536, rows);
        Assert.Equal(2, problems.Length);
        Assert.StartsWith("yet.csv: line 70002: 'trial' is 99", problems[0], StringComparison.Ordinal);
        Assert.StartsWith("yet.csv: line 140003: 'trial' is 0", problems[1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_longer_than_the_buffer_is_still_read()
    {
        string padding = new(' ', 700_000);
        Assert.Equal(2, Rows(new PortfolioFolder { ["yet.csv"] = $"trial,event_id,day\n1,{padding}1,1\n2,1,1\n" }, "yet.csv"));
    }

    [Fact]
    public void A_record_without_end_is_refused_before_it_fills_the_memory()
    {
        string quoted = "\"" + string.Concat(Enumerable.Repeat("1\n", 2_000_000));
        Assert.Equal(
            ["yet.csv: line 2: The record is longer than 1 MB; a quote may be missing its partner."],
            PortfolioFolder.ProblemsOf(() => Rows(new PortfolioFolder { ["yet.csv"] = $"trial,event_id,day\n1,1,{quoted}" }, "yet.csv")));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static int Rows(PortfolioFolder folder, string file)
    {
        int rows = 0;
        foreach (YetBatch batch in YetReader.Read(folder, file, 10))
        {
            rows += batch.Count;
        }

        return rows;
    }

    private sealed class Recorder(List<long> seen) : IProgress<long>
    {
        public void Report(long value) => seen.Add(value);
    }
}
