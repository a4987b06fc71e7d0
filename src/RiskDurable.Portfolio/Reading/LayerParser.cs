using System.Globalization;
using System.Text.Json;
using RiskDurable.Kernel;

namespace RiskDurable.Portfolio.Reading;

/// <summary>Reads one layer of a deal.</summary>
internal sealed class LayerParser(ReadingContext context)
{
    private const int MostReinstatements = 1_000_000;

    /// <summary>The fields of a layer.</summary>
    internal static readonly string[] LayerFields =
    [
        "id", "subject", "occurrenceRetention", "occurrenceLimit", "aggregateRetention", "aggregateLimit", "franchise", "share", "position",
        "premium", "reinstatements",
    ];

    private static readonly string[] SubjectFields = ["elt", "layer", "factor"];
    private static readonly string[] ReinstatementFields = ["count", "rate"];
    private static readonly string[] Positions = ["assumed", "ceded", "memo"];

    public LayerDraft? Parse(JsonElement element, JsonPlace place)
    {
        var fields = new JsonFields(context, element, place, LayerFields);
        if (!fields.IsObject)
        {
            return null;
        }

        string? id = fields.RequiredText("id", "the layer's name, unique in its deal");
        List<SubjectDraft> subject = ParseSubject(fields);
        double occurrenceLimit = fields.Amount("occurrenceLimit", double.PositiveInfinity);
        List<Reinstatement> reinstatements = ParseReinstatements(fields, occurrenceLimit);
        double implied = reinstatements.Count == 0
            ? double.PositiveInfinity
            : (1 + reinstatements.Sum(r => (double)r.Count)) * occurrenceLimit;
        var terms = new LayerTerms(
            OccurrenceRetention: fields.Amount("occurrenceRetention", 0),
            OccurrenceLimit: occurrenceLimit,
            AggregateRetention: fields.Amount("aggregateRetention", 0),
            AggregateLimit: fields.Amount("aggregateLimit", implied),
            Franchise: fields.Amount("franchise", 0));
        return new LayerDraft(
            place,
            id,
            subject,
            terms,
            fields.Fraction("share", 1),
            ParsePosition(fields),
            fields.Amount("premium", 0),
            reinstatements);
    }

    private List<SubjectDraft> ParseSubject(JsonFields layer)
    {
        var terms = new List<SubjectDraft>();
        if (!layer.Require("subject", "the ELTs and layers whose losses fall into this layer"))
        {
            return terms;
        }

        bool any = false;
        foreach ((JsonElement element, JsonPlace place) in layer.Items("subject", "terms such as { \"elt\": \"E1\" }"))
        {
            any = true;
            var fields = new JsonFields(context, element, place, SubjectFields);
            if (!fields.IsObject)
            {
                continue;
            }

            if (fields.Has("elt") == fields.Has("layer"))
            {
                context.Problems.Add(place, fields.Has("elt")
                    ? "The term names both an 'elt' and a 'layer'; make it two terms."
                    : "The term names neither an 'elt' nor a 'layer'; give one of them.");
                continue;
            }

            terms.Add(new SubjectDraft(place, fields.Text("elt"), fields.Text("layer"), fields.Number("factor", 1)));
        }

        if (!any && layer.TryGet("subject", out JsonElement subject) && subject.ValueKind == JsonValueKind.Array)
        {
            context.Problems.Add(layer.Place.Field("subject"), "The subject is empty; name at least one ELT or layer.");
        }

        return terms;
    }

    private List<Reinstatement> ParseReinstatements(JsonFields layer, double occurrenceLimit)
    {
        var reinstatements = new List<Reinstatement>();
        bool any = false;
        foreach ((JsonElement element, JsonPlace place) in layer.Items("reinstatements", "objects with 'count' and 'rate'"))
        {
            any = true;
            var fields = new JsonFields(context, element, place, ReinstatementFields);
            bool complete = fields.Require("count", "how often the limit is reinstated on these terms")
                & fields.Require("rate", "the share of the premium due for one reinstatement; 0 when it is free");
            if (!complete)
            {
                continue;
            }

            int? count = fields.WholeNumber("count", 1, MostReinstatements);
            double rate = fields.Number("rate", 0);
            if (rate < 0)
            {
                context.Problems.Add(
                    place.Field("rate"), string.Create(CultureInfo.InvariantCulture, $"The rate {rate} is negative; it is at least 0."));
            }
            else if (count is int times)
            {
                reinstatements.Add(new Reinstatement(times, rate));
            }
        }

        if (any && (occurrenceLimit <= 0 || double.IsInfinity(occurrenceLimit)))
        {
            context.Problems.Add(
                layer.Place.Field("reinstatements"), "A reinstatement restores the occurrence limit; give a positive 'occurrenceLimit'.");
        }

        return reinstatements;
    }

    private LayerPosition ParsePosition(JsonFields layer)
    {
        if (layer.Text("position") is not string text)
        {
            return LayerPosition.Assumed;
        }

        int index = Array.IndexOf(Positions, text);
        if (index < 0)
        {
            context.Problems.Add(
                layer.Place.Field("position"),
                $"There is no position '{JsonValues.Shorten(text)}'.{context.Nearest.Ask(text, Positions)} "
                + "Known are 'assumed' (business written), 'ceded' (protection bought) and 'memo' (a cedant's own cover).");
            return LayerPosition.Assumed;
        }

        return index switch
        {
            1 => LayerPosition.Ceded,
            2 => LayerPosition.Memo,
            _ => LayerPosition.Assumed,
        };
    }
}
