using System.Text.Json;
using RiskDurable.Portfolio.Model;
using RiskDurable.Portfolio.Reading;
using RiskDurable.Portfolio.Results;

namespace RiskDurable.Portfolio.Writing;

/// <summary>Writes <c>portfolio.json</c>, and a file of deals where there are many. What has its default is left out.</summary>
public static class PortfolioWriter
{
    /// <summary>The file of deals, one a line, beside <c>portfolio.json</c>.</summary>
    public const string DealsFileName = "deals.jsonl";

    private const int MostDealsInline = 50;

    /// <summary>Writes a portfolio's definition; its tables are written elsewhere.</summary>
    /// <param name="folder">The portfolio's folder.</param>
    /// <param name="portfolio">The portfolio; more than 50 deals go to a file of their own.</param>
    public static void Write(string folder, PortfolioDefinition portfolio)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(portfolio);
        bool inline = portfolio.Deals.Count <= MostDealsInline;
        using var file = new ReplacedFile(Path.Combine(folder, PortfolioReader.FileName));
        using (var json = new Utf8JsonWriter(file.Stream, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            WritePortfolio(json, portfolio, inline);
        }

        if (!inline)
        {
            WriteDeals(folder, portfolio.Deals);
        }

        file.Complete();
    }

    private static void WritePortfolio(Utf8JsonWriter json, PortfolioDefinition portfolio, bool inline)
    {
        json.WriteStartObject();
        json.WriteString("schema", PortfolioReader.Schema);
        json.WriteString("id", portfolio.Id);
        json.WriteString("name", portfolio.Name);
        json.WriteString("currency", portfolio.Currency);
        json.WriteStartObject("fx");
        foreach ((string currency, double rate) in portfolio.Fx.Where(rate => rate.Key != portfolio.Currency))
        {
            json.WriteNumber(currency, rate);
        }

        json.WriteEndObject();
        json.WriteNumber("trials", portfolio.Trials);
        if (portfolio.TrialsFile is not null)
        {
            json.WriteString("trialsFile", portfolio.TrialsFile);
        }

        json.WriteString("yet", portfolio.YetFile);
        json.WriteStartObject("elts");
        foreach (EltReference elt in portfolio.Elts.Values)
        {
            json.WriteStartObject(elt.Id);
            json.WriteString("file", elt.File);
            json.WriteString("currency", elt.Currency);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteStartArray("rollup");
        foreach (string tag in portfolio.Rollup)
        {
            json.WriteStringValue(tag);
        }

        json.WriteEndArray();
        if (inline)
        {
            json.WriteStartArray("deals");
            foreach (Deal deal in portfolio.Deals)
            {
                DealJson.Write(json, deal);
            }

            json.WriteEndArray();
        }
        else
        {
            json.WriteString("dealsFile", DealsFileName);
        }

        json.WriteEndObject();
    }

    private static void WriteDeals(string folder, IReadOnlyList<Deal> deals)
    {
        using var file = new ReplacedFile(Path.Combine(folder, DealsFileName));
        using var lines = new MemoryStream();
        using var json = new Utf8JsonWriter(lines);
        foreach (Deal deal in deals)
        {
            DealJson.Write(json, deal);
            json.Flush();
            lines.WriteByte((byte)'\n');
            lines.WriteTo(file.Stream);
            lines.SetLength(0);
            json.Reset();
        }

        file.Complete();
    }
}
