using RiskDurable.Portfolio.Results;

namespace RiskDurable.Portfolio.Tests;

/// <summary>Texts as fields of CSV files, by RFC 4180.</summary>
public sealed class CsvFieldTests
{
    [Theory]
    [InlineData("/europe/storm", "/europe/storm")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("the \"big\" one", "\"the \"\"big\"\" one\"")]
    [InlineData("two\nlines", "\"two\nlines\"")]
    [InlineData("two\r\nlines", "\"two\r\nlines\"")]
    [InlineData("a\rb", "\"a\rb\"")]
    public void Text_is_in_quotes_where_it_holds_a_comma_a_quote_or_a_line_break(string text, string field) =>
        Assert.Equal(field, CsvField.Quote(text));
}
