using System.Text.Json;
using RiskDurable.Kernel;
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
                WriteDeal(json, deal);
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
            WriteDeal(json, deal);
            json.Flush();
            lines.WriteByte((byte)'\n');
            lines.WriteTo(file.Stream);
            lines.SetLength(0);
            json.Reset();
        }

        file.Complete();
    }

    private static void WriteDeal(Utf8JsonWriter json, Deal deal)
    {
        json.WriteStartObject();
        json.WriteString("id", deal.Id);
        json.WriteString("name", deal.Name);
        json.WriteString("currency", deal.Currency);
        json.WriteStartObject("tags");
        foreach ((string tag, string value) in deal.Tags)
        {
            json.WriteString(tag, value);
        }

        json.WriteEndObject();
        json.WriteStartArray("layers");
        foreach (Layer layer in deal.Layers)
        {
            WriteLayer(json, layer);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteLayer(Utf8JsonWriter json, Layer layer)
    {
        json.WriteStartObject();
        json.WriteString("id", layer.Id);
        json.WriteStartArray("subject");
        foreach (SubjectTerm term in layer.Subject)
        {
            json.WriteStartObject();
            json.WriteString(term.Elt is null ? "layer" : "elt", term.Elt ?? term.Layer.ToString());
            WriteUnless(json, "factor", term.Factor, 1);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteUnless(json, "occurrenceRetention", layer.Terms.OccurrenceRetention, 0);
        WriteUnless(json, "occurrenceLimit", layer.Terms.OccurrenceLimit, double.PositiveInfinity);
        WriteUnless(json, "aggregateRetention", layer.Terms.AggregateRetention, 0);
        double implied = layer.Reinstatements.Count == 0
            ? double.PositiveInfinity
            : (1 + layer.Reinstatements.Sum(r => (double)r.Count)) * layer.Terms.OccurrenceLimit;
        WriteUnless(json, "aggregateLimit", layer.Terms.AggregateLimit, implied);
        WriteUnless(json, "franchise", layer.Terms.Franchise, 0);
        WriteUnless(json, "share", layer.Share, 1);
        if (layer.Position != LayerPosition.Assumed)
        {
            json.WriteString("position", layer.Position == LayerPosition.Ceded ? "ceded" : "memo");
        }

        WriteUnless(json, "premium", layer.Premium, 0);
        if (layer.Reinstatements.Count > 0)
        {
            json.WriteStartArray("reinstatements");
            foreach (Reinstatement reinstatement in layer.Reinstatements)
            {
                json.WriteStartObject();
                json.WriteNumber("count", reinstatement.Count);
                json.WriteNumber("rate", reinstatement.Rate);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void WriteUnless(Utf8JsonWriter json, string name, double value, double absent)
    {
        if (value != absent)
        {
            json.WriteNumber(name, value);
        }
    }
}
