using System.Globalization;
using ParquetSharp;
using RiskDurable.Portfolio.Results;

namespace RiskDurable.Portfolio.Tests;

public sealed class WriterTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("riskdurable-results-").FullName;

    private static readonly double[] Awkward =
    [
        0, 1, -1, 0.1, 1.0 / 3, 123456789.12, 1e15, 1e16, 1e-7, double.MaxValue, double.Epsilon, -double.MaxValue, Math.PI * 1e9,
    ];

    [Fact]
    public void Exceedance_curves_read_back_exactly()
    {
        string path = Path.Combine(_folder, "ept.csv");
        using (var writer = new EptCsvWriter(path))
        {
            writer.Write("/", 1, [2, 5, 10.5], [1.0 / 3, 1e17, 0]);
            writer.Write("/lob=a,\"b\"", 4, [250], [7]);
            writer.Complete();
        }

        Assert.Equal(
            "node,ep_type,return_period,loss\n/,1,2,0.3333333333333333\n/,1,5,1E+17\n/,1,10.5,0\n\"/lob=a,\"\"b\"\"\",4,250,7\n",
            File.ReadAllText(path));
    }

    [Fact]
    public void A_year_loss_table_in_CSV_reads_back_exactly()
    {
        string path = Path.Combine(_folder, "ylt.csv");
        using (var writer = new YltCsvWriter(path))
        {
            WriteAwkward(writer, calls: 3);
            writer.Complete();
        }

        string[] lines = File.ReadAllLines(path);
        Assert.Equal("node,trial,aggregate_loss,max_occurrence_loss,reinstatement_premium", lines[0]);
        Assert.Equal(1 + (Awkward.Length * 2), lines.Length);
        for (int i = 0; i < Awkward.Length; i++)
        {
            string[] cells = lines[i + 1].Split(',');
            Assert.Equal("/lob=x", cells[0]);
            Assert.Equal(i + 1, int.Parse(cells[1], CultureInfo.InvariantCulture));
            Assert.Equal(Awkward[i], double.Parse(cells[2], CultureInfo.InvariantCulture));
            Assert.Equal(-Awkward[i], double.Parse(cells[3], CultureInfo.InvariantCulture));
            Assert.Equal(Awkward[i] / 2, double.Parse(cells[4], CultureInfo.InvariantCulture));
        }
    }

    [Fact]
    public void A_year_loss_table_in_Parquet_reads_back_exactly()
    {
        string path = Path.Combine(_folder, "ylt.parquet");
        using (var writer = new YltParquetWriter(path))
        {
            WriteAwkward(writer, calls: 3);
            writer.Complete();
        }

        using var reader = new ParquetFileReader(path);
        Assert.Equal(Awkward.Length * 2, reader.FileMetaData.NumRows);
        Assert.Equal(
            ["node", "trial", "aggregate_loss", "max_occurrence_loss", "reinstatement_premium"],
            Enumerable.Range(0, 5).Select(i => reader.FileMetaData.Schema.Column(i).Name));
        using RowGroupReader group = reader.RowGroup(0);
        string[] nodes = Column<string>(group, 0);
        Assert.Equal("/lob=x", nodes[0]);
        Assert.Equal("/lob=x/deal=Zürich", nodes[^1]);
        Assert.Equal(Enumerable.Range(1, Awkward.Length), Column<int>(group, 1)[..Awkward.Length]);
        Assert.Equal(Awkward, Column<double>(group, 2)[..Awkward.Length]);
        Assert.Equal(Awkward.Select(x => -x), Column<double>(group, 3)[..Awkward.Length]);
        Assert.Equal(Awkward.Select(x => x / 2), Column<double>(group, 4)[..Awkward.Length]);
    }

    [Fact]
    public void The_bytes_do_not_depend_on_how_the_rows_are_split_into_calls()
    {
        foreach ((string extension, Func<string, IYltWriter> open) in Writers())
        {
            byte[][] files = new byte[2][];
            for (int k = 0; k < 2; k++)
            {
                string path = Path.Combine(_folder, k + extension);
                using (IYltWriter writer = open(path))
                {
                    WriteAwkward(writer, calls: k == 0 ? 1 : 5);
                    writer.Complete();
                }

                files[k] = File.ReadAllBytes(path);
            }

            Assert.Equal(files[0], files[1]);
        }
    }

    [Fact]
    public void Many_rows_of_many_nodes_arrive_over_row_groups()
    {
        const int Nodes = 40;
        const int Trials = 30_000;
        string path = Path.Combine(_folder, "ylt.parquet");
        int[] trials = [.. Enumerable.Range(1, Trials)];
        double[] losses = [.. trials.Select(trial => trial * 0.25)];
        using (var writer = new YltParquetWriter(path))
        {
            for (int n = 0; n < Nodes; n++)
            {
                writer.Write($"/deal=D{n}", trials, losses, losses, losses);
            }

            writer.Complete();
        }

        using var reader = new ParquetFileReader(path);
        Assert.Equal(Nodes * Trials, reader.FileMetaData.NumRows);
        Assert.Equal(3, reader.FileMetaData.NumRowGroups);
        long row = 0;
        for (int g = 0; g < 3; g++)
        {
            using RowGroupReader group = reader.RowGroup(g);
            string[] nodes = Column<string>(group, 0);
            int[] trial = Column<int>(group, 1);
            for (int i = 0; i < nodes.Length; i++, row++)
            {
                if (nodes[i] != $"/deal=D{row / Trials}" || trial[i] != (row % Trials) + 1)
                {
                    Assert.Fail($"row {row} is {nodes[i]} {trial[i]}");
                }
            }
        }
    }

    [Fact]
    public void What_is_not_completed_leaves_nothing_and_keeps_what_was_there()
    {
        foreach ((string extension, Func<string, IYltWriter> open) in Writers())
        {
            string path = Path.Combine(_folder, "kept" + extension);
            File.WriteAllText(path, "before");
            using (IYltWriter writer = open(path))
            {
                WriteAwkward(writer, calls: 1);
            }

            Assert.Equal("before", File.ReadAllText(path));
            Assert.Equal([path], Directory.GetFiles(_folder, "kept" + extension + "*"));
        }
    }

    [Fact]
    public void Columns_of_different_length_are_refused()
    {
        foreach ((string extension, Func<string, IYltWriter> open) in Writers())
        {
            using IYltWriter writer = open(Path.Combine(_folder, "short" + extension));
            Assert.Throws<ArgumentException>(() => writer.Write("/", [1, 2], [1.0], [1.0], [1.0]));
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static (string Extension, Func<string, IYltWriter> Open)[] Writers() =>
        [(".csv", path => new YltCsvWriter(path)), (".parquet", path => new YltParquetWriter(path))];

    private static void WriteAwkward(IYltWriter writer, int calls)
    {
        int[] trials = [.. Enumerable.Range(1, Awkward.Length)];
        double[] negative = [.. Awkward.Select(x => -x)];
        double[] half = [.. Awkward.Select(x => x / 2)];
        foreach (string node in new[] { "/lob=x", "/lob=x/deal=Zürich" })
        {
            for (int c = 0; c < calls; c++)
            {
                Range part = (Awkward.Length * c / calls)..(Awkward.Length * (c + 1) / calls);
                writer.Write(node, trials[part], Awkward[part], negative[part], half[part]);
            }
        }
    }

    private static T[] Column<T>(RowGroupReader group, int index)
    {
        using LogicalColumnReader<T> column = group.Column(index).LogicalReader<T>();
        return column.ReadAll((int)group.MetaData.NumRows);
    }
}
