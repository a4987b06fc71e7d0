using System.Text.Json;
using RiskDurable.Portfolio.Model;

namespace RiskDurable.Portfolio.Reading;

/// <summary>Collects the deals of a request and their variants, and checks each against the portfolio.</summary>
internal sealed class DealCases(ReadingContext context, KnownPortfolio known)
{
    private static readonly string[] VariantFields = ["name", "dealId", "deal", "layers"];

    private readonly DealParser _deals = new(context);
    private readonly Currencies _currencies = Currencies.Of(context, known);
    private readonly List<Case> _cases = [];
    private readonly LayerPatch _patch = new(context);
    private readonly HashSet<string> _unknownElts = new(StringComparer.Ordinal);
    private int _seen;

    /// <summary>Whether the request named no deal at all, not even an unsound one.</summary>
    public bool IsEmpty => _seen == 0;

    /// <summary>Deals and variants of deals.</summary>
    public int VariantCount => _cases.Sum(at => at.Variants.Count);

    /// <summary>Adds a deal that the request holds.</summary>
    public void AddGiven(JsonElement element, JsonPlace place)
    {
        _seen++;
        int before = context.Problems.Count;
        if (_deals.Parse(element, place) is not { Id: { } id } draft || !IsNew(id, place.Field("id")))
        {
            return;
        }

        Check(draft);
        var layers = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        if (context.Problems.Count == before)
        {
            foreach (JsonElement layer in element.GetProperty("layers").EnumerateArray())
            {
                layers.Add(layer.GetProperty("id").GetString()!, layer);
            }
        }

        _cases.Add(new Case(id, known.Deals.ContainsKey(id), context.Problems.Count == before, draft, layers));
    }

    /// <summary>Adds a deal of the portfolio.</summary>
    public void AddFromPortfolio(JsonElement element, JsonPlace place)
    {
        _seen++;
        if (context.ReadName(element, place) is not string id)
        {
            return;
        }

        if (!known.Deals.TryGetValue(id, out Deal? deal))
        {
            context.Problems.Add(
                place, $"The portfolio '{known.Id}' has no deal '{JsonValues.Shorten(id)}'.{context.Nearest.Ask(id, known.Deals.Keys)}");
        }
        else if (IsNew(id, place))
        {
            _cases.Add(new Case(id, InPortfolio: true, IsSound: true, DraftOf(deal, place), LayerPatch.LayersOf(deal)));
        }
    }

    /// <summary>Adds a variant of one of the deals.</summary>
    public void AddVariant(JsonElement element, JsonPlace place)
    {
        var fields = new JsonFields(context, element, place, VariantFields);
        if (!fields.IsObject)
        {
            return;
        }

        string? name = fields.RequiredText("name", "what the result calls the variant");
        if (fields.Has("deal") == fields.Has("layers"))
        {
            context.Problems.Add(place, fields.Has("deal")
                ? "Both 'deal' and 'layers' are given; keep one."
                : "Give the terms that are different in 'layers', such as { \"L1\": { \"share\": 0.5 } }, or a whole 'deal'.");
            return;
        }

        if (name is null || CaseOf(fields) is not Case of || !of.IsSound)
        {
            return;
        }

        if (of.Variants.Any(variant => variant.Name == name))
        {
            context.Problems.Add(place.Field("name"), name == DealVariant.AsGiven
                ? $"'{name}' is the name of the deal as it was given; choose another."
                : $"The deal '{of.Id}' has another variant '{name}'; choose another name.");
        }
        else if (ReadVariant(fields, of) is DealDraft draft)
        {
            Check(draft);
            of.Variants.Add((name, draft));
        }
    }

    /// <summary>The cases; nothing is wrong with any.</summary>
    public IReadOnlyList<DealCase> Build() =>
        [.. _cases.Select(at => new DealCase(at.Id, at.InPortfolio, [.. at.Variants.Select(variant => new DealVariant(variant.Name, variant.Draft.Build()))]))];

    private static DealDraft DraftOf(Deal deal, JsonPlace place) => new(
        place, deal.Id, deal.Name, deal.Currency, deal.Tags, [.. deal.Layers.Select(layer => KnownPortfolio.DraftOf(layer, place))]);

    private bool IsNew(string id, JsonPlace place)
    {
        if (_cases.Exists(at => at.Id == id))
        {
            context.Problems.Add(place, $"The deal '{id}' is in the request already; give further terms for it in 'variants'.");
            return false;
        }

        return true;
    }

    private Case? CaseOf(JsonFields variant)
    {
        if (variant.Text("dealId") is string id)
        {
            Case? named = _cases.Find(at => at.Id == id);
            if (named is null)
            {
                context.Problems.Add(
                    variant.Place.Field("dealId"),
                    $"The request has no deal '{JsonValues.Shorten(id)}'; name one of 'deals' or 'dealIds'.{context.Nearest.Ask(id, _cases.Select(at => at.Id))}");
            }

            return named;
        }

        if (_seen > 1)
        {
            context.Problems.Add(variant.Place, "The request has several deals; say in 'dealId' which one this is a variant of.");
        }

        return _seen == 1 && _cases.Count == 1 ? _cases[0] : null;
    }

    private DealDraft? ReadVariant(JsonFields fields, Case of)
    {
        if (fields.TryGet("deal", out JsonElement whole))
        {
            JsonPlace place = fields.Place.Field("deal");
            DealDraft? draft = _deals.Parse(whole, place);
            if (draft?.Id is not null && draft.Id != of.Id)
            {
                context.Problems.Add(place.Field("id"), $"A variant of the deal '{of.Id}' has its id; '{JsonValues.Shorten(draft.Id)}' is another deal.");
                return null;
            }

            return draft;
        }

        fields.TryGet("layers", out JsonElement layers);
        return _patch.Apply(of.Draft, of.Layers, layers, fields.Place.Field("layers"));
    }

    private void Check(DealDraft draft)
    {
        if (draft.Currency is not null)
        {
            _currencies.Check(draft.Currency, draft.Place.Field("currency"));
        }

        foreach (SubjectDraft term in draft.Layers.SelectMany(layer => layer.Subject))
        {
            if (term.Elt is not null && !known.Elts.Contains(term.Elt) && _unknownElts.Add(term.Elt))
            {
                context.Problems.Add(
                    term.Place.Field("elt"),
                    $"The portfolio '{known.Id}' has no ELT '{JsonValues.Shorten(term.Elt)}' in use; a deal refers to ELTs that deals of the portfolio name."
                    + context.Nearest.Ask(term.Elt, known.Elts));
            }
        }

        var references = new LayerReferences(context, [draft], draft.Layers.All(layer => layer.Id is not null), known);
        references.Resolve();
        references.FindCycles();
        CheckDependants(draft);
    }

    /// <summary>A deal of the portfolio keeps the layers that other deals refer to.</summary>
    private void CheckDependants(DealDraft draft)
    {
        if (draft.Id is null || draft.Layers.Any(layer => layer.Id is null))
        {
            return;
        }

        foreach (LayerId missing in known.ReferencedLayersOf(draft.Id).Where(id => draft.Layers.All(layer => layer.Id != id.Layer)))
        {
            context.Problems.Add(
                draft.Place.Field("layers"),
                $"The layer '{missing.Layer}' is missing, and another deal of the portfolio refers to '{missing}'; keep it, with a limit of 0 if it is to pay nothing.");
        }
    }

    private sealed record Case(string Id, bool InPortfolio, bool IsSound, DealDraft Draft, IReadOnlyDictionary<string, JsonElement> Layers)
    {
        public List<(string Name, DealDraft Draft)> Variants { get; } = [(DealVariant.AsGiven, Draft)];
    }
}
