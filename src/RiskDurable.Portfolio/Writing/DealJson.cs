using System.Text.Json;
using RiskDurable.Kernel;
using RiskDurable.Portfolio.Model;

namespace RiskDurable.Portfolio.Writing;

/// <summary>Deals and layers as a portfolio file has them. What has its default is left out.</summary>
internal static class DealJson
{
    /// <summary>Writes a deal.</summary>
    public static void Write(Utf8JsonWriter json, Deal deal)
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
            Write(json, layer);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Writes a layer.</summary>
    public static void Write(Utf8JsonWriter json, Layer layer)
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
