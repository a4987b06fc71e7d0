using System.Globalization;
using System.Text;
using RiskDurable.Kernel;
using RiskDurable.Portfolio.Model;
using RiskDurable.Portfolio.Tables;

namespace RiskDurable.Portfolio.Tests;

public sealed class EltReaderTests
{
    public static TheoryData<string, string> Refusals => new()
    {
        { "", "elt.csv: The file is empty; its first line must name the columns: event_id,mean_loss." },
        { "event_id\n1\n", "elt.csv: line 1: The table has no column 'mean_loss'." },
        { "event_id,mean_los\n1,2\n", "elt.csv: line 1: There is no column 'mean_los' in this table. Did you mean 'mean_loss'?" },
        { "event_id,mean_loss,event_id\n", "elt.csv: line 1: The column 'event_id' is there twice; keep one." },
        { "event_id;mean_loss\n1;2\n", "elt.csv: line 1: The columns are not separated by commas; the first line must read event_id,mean_loss." },
        { "event_id,mean_loss\n1,2\n\n3,-4\n", "elt.csv: line 4: 'mean_loss' is -4, which is negative" },
        { "event_id,mean_loss\n1,NaN\n", "elt.csv: line 2: 'mean_loss' is NaN, which is not finite" },
        { "event_id,mean_loss\n1,Infinity\n", "elt.csv: line 2: 'mean_loss' is Infinity, which is not finite" },
        { "event_id,mean_loss\n1,1e999\n", "elt.csv: line 2: 'mean_loss' is Infinity, which is not finite" },
        { "event_id,mean_loss\n1,1.2.3\n", "elt.csv: line 2: 'mean_loss' is '1.2.3'; a number such as 1250.75 was expected." },
        { "event_id,mean_loss\n1,\n", "elt.csv: line 2: 'mean_loss' is empty" },
        { "event_id,mean_loss\n1,.\n", "elt.csv: line 2: 'mean_loss' is '.'" },
        { "event_id,mean_loss\n1,\"1,000\"\n", "elt.csv: line 2: 'mean_loss' is '1,000'; a number such as" },
        { "event_id,mean_loss\n1.5,2\n", "elt.csv: line 2: 'event_id' is '1.5'; a whole number was expected." },
        { "event_id,mean_loss\n9223372036854775808,2\n", "elt.csv: line 2: 'event_id' is '9223372036854775808'; a whole number was expected." },
        { "event_id,mean_loss\n1,2,3\n", "elt.csv: line 2: 2 fields were expected, as in the header, but there are 3." },
        { "event_id,mean_loss\n1\n", "elt.csv: line 2: 2 fields were expected, as in the header, but there are 1." },
        { "event_id,mean_loss\n1,\"2\n", "elt.csv: line 2: A quote is opened and never closed." },
        { "event_id,mean_loss\n1,\"2\"x\n", "elt.csv: line 2: There is text after a closing quote." },
        { "event_id,mean_loss\n1,1e308\n1,1e308\n", "elt.csv: The mean losses of event 1 add up to more than a double can hold." },
        { "event_id,mean_loss,sd_independent\n1,2,3\n", "elt.csv: The table has standard deviations but no column 'exposure'" },
        { "event_id,mean_loss,sd_independent,exposure\n1,2,-3,9\n", "elt.csv: line 2: 'sd_independent' is -3, which is negative" },
        { "event_id,mean_loss,sd_correlated,exposure\n1,2,3,1\n", "elt.csv: line 2: 'mean_loss' 2 is above 'exposure' 1" },
        {
            "event_id,mean_loss,sd_independent,sd_correlated,exposure\n1,2,3,1,10\n2,2,3,1.01,10\n",
            "elt.csv: line 3: The standard deviations add up to 4.01, above 4, the most that a loss between 0 and 'exposure' 10 with 'mean_loss' 2 can have"
        },
        { "event_id,mean_loss,sd_correlated,exposure\n7,1,1,9\n8,1,1,9\n7,1,0,9\n", "elt.csv: line 4: Event 7 was given before (2); standard deviations of two rows cannot be added up" },
        { "e\0v\0e\0n\0t\0", "elt.csv: line 1: This is not UTF-8 text" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void A_table_is_refused_with_the_line_and_the_reason(string csv, string expected)
    {
        string[] problems = PortfolioFolder.ProblemsOf(() => ReadCsv(csv));
        Assert.StartsWith(expected, problems.FirstOrDefault(), StringComparison.Ordinal);
        Assert.InRange(problems.Length, 1, 2);
    }

    [Fact]
    public void Fifty_problems_of_a_file_are_listed_and_then_no_more()
    {
        string csv = "event_id,mean_loss\n" + string.Concat(Enumerable.Repeat("1,x\n", 1000));
        string[] problems = PortfolioFolder.ProblemsOf(() => ReadCsv(csv));
        Assert.Equal(51, problems.Length);
        Assert.Equal("elt.csv: And more; only the first 50 problems of this file are listed.", problems[50]);
    }

    [Theory]
    [InlineData("event_id,mean_loss\n3,1.5\n-1,2\n")]
    [InlineData("event_id,mean_loss\r\n3,1.5\r\n-1,2")]
    [InlineData("\uFEFF\"mean_loss\" , \"event_id\"\n\"1.5\",\"3\"\n\n 2 , -1 \n\n")]
    [InlineData("event_id,mean_loss\n3.0,15e-1\n-1,+2.\n")]
    public void Columns_come_in_any_order_and_CSV_in_any_dress(string csv)
    {
        EventLossTable table = ReadCsv(csv);
        Assert.Equal([-1L, 3], table.EventIds);
        Assert.Equal([2, 1.5], table.MeanLosses);
        Assert.Null(table.Uncertainty);
    }

    [Fact]
    public void A_header_without_rows_is_an_empty_table() => Assert.Equal(0, ReadCsv("event_id,mean_loss\n").Count);

    [Fact]
    public void Rows_of_one_event_add_up_in_file_order()
    {
        // In another order the sum of these three is another double.
        EventLossTable table = ReadCsv("event_id,mean_loss\n5,1e16\n4,7\n5,1\n5,1\n1,0\n");
        Assert.Equal([1L, 4, 5], table.EventIds);
        Assert.Equal([0, 7, 1e16 + 1 + 1], table.MeanLosses);
        Assert.NotEqual(1 + 1 + 1e16, table.MeanLosses[2]);
    }

    [Fact]
    public void Rows_of_one_event_add_up_in_file_order_however_many_there_are()
    {
        const int Seed = 4711;
        var random = new Random(Seed);
        var rows = Enumerable.Range(0, 20_000).Select(_ => (Id: (long)random.Next(50), Mean: random.NextDouble() * Math.Pow(10, random.Next(10)))).ToArray();
        var expected = new SortedDictionary<long, double>();
        foreach ((long id, double mean) in rows)
        {
            expected[id] = expected.GetValueOrDefault(id) + mean;
        }

        EventLossTable table = ReadCsv("event_id,mean_loss\n" + string.Concat(
            rows.Select(row => string.Create(CultureInfo.InvariantCulture, $"{row.Id},{row.Mean}\n"))));
        Assert.Equal(expected.Keys, table.EventIds);
        Assert.Equal(expected.Values, table.MeanLosses);
    }

    [Fact]
    public void Uncertainty_columns_arrive_sorted_with_their_event()
    {
        EventLossTable table = ReadCsv("exposure,event_id,sd_correlated,mean_loss,sd_independent\n100,2,3,10,4\n50,1,0,5,1\n");
        Assert.Equal([1L, 2], table.EventIds);
        Assert.Equal([5.0, 10], table.MeanLosses);
        Assert.Equal([1.0, 4], table.Uncertainty!.SdIndependent);
        Assert.Equal([0.0, 3], table.Uncertainty.SdCorrelated);
        Assert.Equal([50.0, 100], table.Uncertainty.Exposure);
    }

    [Fact]
    public void Numbers_are_rounded_as_the_runtime_rounds_them()
    {
        const int Seed = 99;
        var random = new Random(Seed);
        for (int i = 0; i < 20_000; i++)
        {
            string text = (i % 3) switch
            {
                0 => BitConverter.Int64BitsToDouble(random.NextInt64()).ToString("R", CultureInfo.InvariantCulture),
                1 => (random.Next(1 << 30) / Math.Pow(10, random.Next(12))).ToString("0.############", CultureInfo.InvariantCulture),
                _ => $"{random.NextInt64()}{random.Next()}.{random.NextInt64()}"[random.Next(20)..],
            };
            double expected = double.Parse(text, CultureInfo.InvariantCulture);
            Assert.True(DecimalText.TryParseReal(Encoding.UTF8.GetBytes(text), out double value), $"seed {Seed}: {text}");
            Assert.True(expected.Equals(value), $"seed {Seed}: {text} gave {value:R}");
        }
    }

    private static EventLossTable ReadCsv(string csv) =>
        EltReader.Read(new PortfolioFolder { ["elt.csv"] = csv }, new EltReference("E", "elt.csv", "USD"));
}
