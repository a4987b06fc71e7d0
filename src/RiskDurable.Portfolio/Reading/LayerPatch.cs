using System.Buffers;
using System.Text.Json;
using RiskDurable.Portfolio.Model;
using RiskDurable.Portfolio.Writing;

namespace RiskDurable.Portfolio.Reading;

/// <summary>
/// Puts other terms in the place of some of a layer's: a field that is given replaces the layer's own, and null stands for its absence. The
/// result is read as any layer is, so that a limit that reinstatements imply follows them.
/// </summary>
internal sealed class LayerPatch(ReadingContext context)
{
    private readonly LayerParser _layers = new(context);

    /// <summary>A deal's layers as a portfolio file would have them, by id.</summary>
    public static IReadOnlyDictionary<string, JsonElement> LayersOf(Deal deal)
    {
        var layers = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (Layer layer in deal.Layers)
        {
            layers.Add(layer.Id, Written(json => DealJson.Write(json, layer)));
        }

        return layers;
    }

    /// <summary>A deal with some terms of some layers replaced; null after a problem with the patch's form.</summary>
    /// <param name="deal">The deal.</param>
    /// <param name="layers">Its layers by id.</param>
    /// <param name="patch">An object of fields by layer id.</param>
    /// <param name="place">Where the patch is.</param>
    public DealDraft? Apply(DealDraft deal, IReadOnlyDictionary<string, JsonElement> layers, JsonElement patch, JsonPlace place)
    {
        if (patch.ValueKind != JsonValueKind.Object)
        {
            context.Problems.Add(
                place, $"An object of terms by layer id such as {{ \"L1\": {{ \"share\": 0.5 }} }} was expected, but this is {JsonValues.Describe(patch)}.");
            return null;
        }

        int before = context.Problems.Count;
        var replaced = new Dictionary<string, LayerDraft>(StringComparer.Ordinal);
        foreach (JsonProperty property in patch.EnumerateObject())
        {
            if (context.ReadName(property, place) is string id && Read(deal, layers, id, property.Value, place.Field(id)) is LayerDraft layer
                && !replaced.TryAdd(id, layer))
            {
                context.Problems.Add(place.Field(id), $"The layer '{id}' is given twice; keep one.");
            }
        }

        return context.Problems.Count > before
            ? null
            : deal with { Layers = [.. deal.Layers.Select(layer => replaced.GetValueOrDefault(layer.Id!) ?? layer)] };
    }

    private static JsonElement Written(Action<Utf8JsonWriter> write)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
        {
            write(json);
        }

        return JsonElement.Parse(bytes.WrittenSpan);
    }

    private LayerDraft? Read(DealDraft deal, IReadOnlyDictionary<string, JsonElement> layers, string id, JsonElement terms, JsonPlace place)
    {
        if (!layers.TryGetValue(id, out JsonElement layer))
        {
            context.Problems.Add(place, $"The deal '{deal.Id}' has no layer '{JsonValues.Shorten(id)}'.{context.Nearest.Ask(id, layers.Keys)}");
            return null;
        }

        if (terms.ValueKind != JsonValueKind.Object)
        {
            context.Problems.Add(place, $"An object with the terms to replace was expected, but this is {JsonValues.Describe(terms)}.");
            return null;
        }

        if (terms.TryGetProperty("id", out _))
        {
            context.Problems.Add(place.Field("id"), "A variant replaces terms, and leaves the layer its id; remove this field.");
            return null;
        }

        // What has no readable name is reported here: it could not be written below.
        JsonProperty[] replaced = [.. terms.EnumerateObject()];
        return replaced.All(term => context.ReadName(term, place) is not null) ? _layers.Parse(Merge(layer, replaced), place) : null;
    }

    private static JsonElement Merge(JsonElement layer, JsonProperty[] terms) => Written(json =>
    {
        json.WriteStartObject();
        foreach (JsonProperty own in layer.EnumerateObject().Where(own => !terms.Any(term => term.Name == own.Name)))
        {
            Write(json, own);
        }

        // A null in an unknown field stays, to be reported.
        foreach (JsonProperty term in terms.Where(term => term.Value.ValueKind != JsonValueKind.Null || !LayerParser.LayerFields.Contains(term.Name)))
        {
            Write(json, term);
        }

        json.WriteEndObject();
    });

    // Raw, so that a text stays as it was written, and is judged when it is read.
    private static void Write(Utf8JsonWriter json, JsonProperty property)
    {
        json.WritePropertyName(property.Name);
        json.WriteRawValue(property.Value.GetRawText());
    }
}
