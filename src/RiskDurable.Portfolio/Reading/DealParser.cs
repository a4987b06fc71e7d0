using System.Text.Json;

namespace RiskDurable.Portfolio.Reading;

/// <summary>Reads one deal.</summary>
internal sealed class DealParser(ReadingContext context)
{
    private static readonly string[] DealFields = ["id", "name", "currency", "tags", "layers"];

    private readonly LayerParser _layers = new(context);

    public DealDraft? Parse(JsonElement element, JsonPlace place)
    {
        var fields = new JsonFields(context, element, place, DealFields);
        if (!fields.IsObject)
        {
            return null;
        }

        string? id = fields.RequiredText("id", "the deal's name, unique in the portfolio");
        string name = (fields.TryGet("name", out JsonElement given) ? context.ReadText(given, place.Field("name")) : null) ?? id ?? "";
        string? currency = fields.RequiredText("currency", "the currency of the deal's amounts");
        return new DealDraft(place, id, name, currency, ParseTags(fields), ParseLayers(fields));
    }

    private Dictionary<string, string> ParseTags(JsonFields deal)
    {
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!deal.TryGet("tags", out JsonElement element))
        {
            return tags;
        }

        JsonPlace place = deal.Place.Field("tags");
        if (element.ValueKind != JsonValueKind.Object)
        {
            context.Problems.Add(
                place, $"An object of texts such as {{ \"lob\": \"property\" }} was expected, but this is {JsonValues.Describe(element)}.");
            return tags;
        }

        foreach (JsonProperty tag in element.EnumerateObject())
        {
            if (context.ReadName(tag, place) is not string name)
            {
                continue;
            }

            JsonPlace at = place.Field(name);
            if (context.ReadText(tag.Value, at) is string value && !tags.TryAdd(name, value))
            {
                context.Problems.Add(at, $"The tag '{name}' is given twice; keep one.");
            }
        }

        return tags;
    }

    private List<LayerDraft> ParseLayers(JsonFields deal)
    {
        var layers = new List<LayerDraft>();
        if (!deal.Require("layers", "the deal's layers"))
        {
            return layers;
        }

        var places = new Dictionary<string, JsonPlace>(StringComparer.Ordinal);
        bool any = false;
        foreach ((JsonElement element, JsonPlace place) in deal.Items("layers", "layers"))
        {
            any = true;
            if (_layers.Parse(element, place) is not LayerDraft layer)
            {
                continue;
            }

            layers.Add(layer);
            if (layer.Id is not null && !places.TryAdd(layer.Id, place))
            {
                context.Problems.Add(
                    place.Field("id"), $"The deal has another layer '{layer.Id}', at {places[layer.Id]}; layer ids are unique in a deal.");
            }
        }

        if (!any && deal.TryGet("layers", out JsonElement array) && array.ValueKind == JsonValueKind.Array)
        {
            context.Problems.Add(deal.Place.Field("layers"), "The deal has no layer; give at least one.");
        }

        return layers;
    }
}
