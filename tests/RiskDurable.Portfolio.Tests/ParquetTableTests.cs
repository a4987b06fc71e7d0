using ParquetSharp;
using RiskDurable.Kernel;
using RiskDurable.Portfolio.Model;
using RiskDurable.Portfolio.Tables;

namespace RiskDurable.Portfolio.Tests;

public sealed class ParquetTableTests
{
    [Fact]
    public void Any_number_type_is_read_that_loses_nothing()
    {
        EventLossTable expected = Read(Write([new Column<long>("event_id"), new Column<double>("mean_loss")], group =>
        {
            Append(group, [1L, 2, 3]);
            Append(group, [1.0, 2, 3]);
        }));
        Assert.Equal([1L, 2, 3], expected.EventIds);
        Assert.Equal([1.0, 2, 3], expected.MeanLosses);

        AssertSame(expected, Read(Write([new Column<float>("mean_loss"), new Column<int>("event_id")], group =>
        {
            Append(group, [1f, 2, 3]);
            Append(group, [1, 2, 3]);
        })));
        AssertSame(expected, Read(Write([new Column<double>("event_id"), new Column<long>("mean_loss")], group =>
        {
            Append(group, [1.0, 2, 3]);
            Append(group, [1L, 2, 3]);
        })));
        AssertSame(expected, Read(Write([new Column<uint>("event_id"), new Column<int?>("mean_loss")], group =>
        {
            Append(group, new uint[] { 1, 2, 3 });
            Append(group, new int?[] { 1, 2, 3 });
        })));
    }

    [Fact]
    public void Row_groups_and_batches_follow_one_another()
    {
        const int Rows = 100_000;
        long[] ids = [.. Enumerable.Range(0, Rows).Select(i => (long)i)];
        double[] means = [.. Enumerable.Range(0, Rows).Select(i => i * 0.5)];
        byte[] file = WriteGroups([new Column<long>("event_id"), new Column<double>("mean_loss")], 3, (group, g) =>
        {
            Append(group, [.. ids.Select(id => id + ((long)g * Rows))]);
            Append(group, means);
        });
        EventLossTable table = Read(file);
        Assert.Equal(3 * Rows, table.Count);
        Assert.Equal(means[^1], table.MeanLosses[^1]);
        Assert.Equal((3L * Rows) - 1, table.EventIds[^1]);
    }

    [Fact]
    public void A_column_that_is_no_number_is_refused()
    {
        byte[] file = Write([new Column<string>("event_id"), new Column<double>("mean_loss")], group =>
        {
            Append(group, ["a"]);
            Append(group, [1.0]);
        });
        Assert.Equal(["elt.parquet: The column 'event_id' has the type ByteArray (String); int32, int64, float or double was expected."], Problems(file));
    }

    [Fact]
    public void A_date_is_no_number()
    {
        byte[] file = Write([new Column<Date>("event_id"), new Column<double>("mean_loss")], group =>
        {
            Append(group, [new Date(2020, 1, 1)]);
            Append(group, [1.0]);
        });
        Assert.Equal(["elt.parquet: The column 'event_id' has the type Int32 (Date); int32, int64, float or double was expected."], Problems(file));
    }

    [Fact]
    public void A_nested_column_is_refused()
    {
        byte[] file = Write([new Column<long>("event_id"), new Column<double[]>("mean_loss")], group =>
        {
            Append(group, [1L]);
            Append(group, new double[][] { [1.0, 2] });
        });
        Assert.Contains(Problems(file), problem => problem.Contains("mean_loss", StringComparison.Ordinal));
    }

    [Fact]
    public void A_null_is_refused_with_its_row()
    {
        byte[] file = Write([new Column<long>("event_id"), new Column<double?>("mean_loss")], group =>
        {
            Append(group, [1L, 2, 3]);
            Append(group, new double?[] { 1.0, 2.0, null });
        });
        Assert.Equal(["elt.parquet: row 3: 'mean_loss' is null; a number was expected."], Problems(file));
    }

    [Fact]
    public void A_fraction_where_a_whole_number_belongs_is_refused_with_its_row()
    {
        byte[] file = Write([new Column<double>("event_id"), new Column<double>("mean_loss")], group =>
        {
            Append(group, [1.0, 2.5]);
            Append(group, [1.0, 2]);
        });
        Assert.Equal(["elt.parquet: row 2: 'event_id' is 2.5; a whole number was expected."], Problems(file));
    }

    [Fact]
    public void A_whole_number_that_a_double_cannot_hold_is_refused_with_its_row()
    {
        byte[] file = Write([new Column<long>("event_id"), new Column<long>("mean_loss")], group =>
        {
            Append(group, [1L, 2]);
            Append(group, [1L, (1L << 53) + 1]);
        });
        Assert.Equal(["elt.parquet: row 2: 'mean_loss' is 9007199254740993, which a double cannot hold exactly; store it as double."], Problems(file));
    }

    [Fact]
    public void Amounts_are_checked_by_row()
    {
        byte[] file = Write([new Column<long>("event_id"), new Column<double>("mean_loss")], group =>
        {
            Append(group, [1L, 2, 3]);
            Append(group, [1.0, double.NaN, -1]);
        });
        string[] problems = Problems(file);
        Assert.StartsWith("elt.parquet: row 2: 'mean_loss' is NaN, which is not finite", problems[0], StringComparison.Ordinal);
        Assert.StartsWith("elt.parquet: row 3: 'mean_loss' is -1, which is negative", problems[1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_truncated_file_is_refused_wherever_it_ends()
    {
        byte[] file = Write([new Column<long>("event_id"), new Column<double>("mean_loss")], group =>
        {
            Append(group, [1L, 2, 3]);
            Append(group, [1.0, 2, 3]);
        });
        for (int length = 1; length < file.Length; length += 7)
        {
            Assert.StartsWith(
                "elt.parquet: The Parquet file is damaged or truncated; write it again.", Assert.Single(Problems(file[..length])), StringComparison.Ordinal);
        }

        Assert.Equal(["elt.parquet: The file is empty; a Parquet file was expected."], Problems([]));
    }

    [Fact]
    public void A_flipped_bit_is_refused_or_harmless()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".parquet");
        try
        {
            Writing.EltWriter.Write(path, new EventLossTable([1, 2, 3], [1111.25, 2222.5, 3333.75]));
            byte[] file = File.ReadAllBytes(path);
            EventLossTable expected = Read(file);
            int refused = 0;
            for (int at = 0; at < file.Length; at++)
            {
                file[at] ^= 4;
                try
                {
                    AssertSame(expected, Read(file));
                }
                catch (BadInputException)
                {
                    refused++;
                }

                file[at] ^= 4;
            }

            Assert.True(refused > 200, $"only {refused} of {file.Length} were noticed");
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static string[] Problems(byte[] file) => PortfolioFolder.ProblemsOf(() => Read(file));

    private static EventLossTable Read(byte[] file)
    {
        var folder = new PortfolioFolder();
        folder.Files["elt.parquet"] = file;
        return EltReader.Read(folder, new EltReference("E", "elt.parquet", "USD"));
    }

    private static byte[] Write(Column[] columns, Action<RowGroupWriter> rows) => WriteGroups(columns, 1, (group, _) => rows(group));

    private static byte[] WriteGroups(Column[] columns, int groups, Action<RowGroupWriter, int> rows)
    {
        using var stream = new MemoryStream();
        using (var writer = new ParquetFileWriter(stream, columns, leaveOpen: true))
        {
            for (int g = 0; g < groups; g++)
            {
                using RowGroupWriter group = writer.AppendRowGroup();
                rows(group, g);
            }

            writer.Close();
        }

        return stream.ToArray();
    }

    private static void Append<T>(RowGroupWriter group, T[] values)
    {
        using LogicalColumnWriter<T> column = group.NextColumn().LogicalWriter<T>();
        column.WriteBatch(values);
    }

    private static void AssertSame(EventLossTable expected, EventLossTable actual)
    {
        Assert.Equal(expected.EventIds, actual.EventIds);
        Assert.Equal(expected.MeanLosses, actual.MeanLosses);
    }
}
