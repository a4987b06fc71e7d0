using System.Text.Json;
using RiskDurable.Portfolio.Files;
using RiskDurable.Portfolio.Model;

namespace RiskDurable.Portfolio.Reading;

/// <summary>Which ELTs there are: those that <c>elts</c> describes, and files at the default place.</summary>
internal sealed class EltCatalogue(ReadingContext context, IPortfolioFiles files, Currencies currencies)
{
    private static readonly string[] EltFields = ["file", "currency"];

    private readonly Dictionary<string, (JsonPlace Place, string? File, string? Currency, bool Sound)> _described = new(StringComparer.Ordinal);
    private readonly Dictionary<string, EltReference> _used = new(StringComparer.Ordinal);
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    /// <summary>The ELTs that were asked for and found.</summary>
    public IReadOnlyDictionary<string, EltReference> Used => _used;

    /// <summary>Reads the field <c>elts</c>.</summary>
    public void Describe(JsonFields portfolio)
    {
        if (!portfolio.TryGet("elts", out JsonElement element))
        {
            return;
        }

        JsonPlace place = portfolio.Place.Field("elts");
        if (element.ValueKind != JsonValueKind.Object)
        {
            context.Problems.Add(place, $"An object of ELTs by id was expected, but this is {JsonValues.Describe(element)}.");
            return;
        }

        foreach (JsonProperty property in element.EnumerateObject())
        {
            if (context.ReadName(property, place) is not string id)
            {
                continue;
            }

            JsonPlace at = place.Field(id);
            int before = context.Problems.Count;
            var fields = new JsonFields(context, property.Value, at, EltFields);
            string? file = fields.Text("file");
            string? currency = fields.Text("currency");
            if (!_described.TryAdd(id, (at, file, currency, context.Problems.Count == before)))
            {
                context.Problems.Add(at, $"The ELT '{id}' is given twice; keep one.");
            }
        }
    }

    /// <summary>Looks up an ELT that a subject names, once; what is wrong with it is reported.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="place">Where the subject names it.</param>
    public void Use(string id, JsonPlace place)
    {
        if (!_seen.Add(id))
        {
            return;
        }

        if (!_described.TryGetValue(id, out var described))
        {
            if (FindDefaultFile(id, place, isDescribed: false) is string found)
            {
                Add(id, found, currencies.Reporting);
            }
        }
        else if (described.Sound)
        {
            string currency = described.Currency ?? currencies.Reporting ?? "";
            currencies.Check(currency, described.Place.Field("currency"));
            if (described.File is null)
            {
                Add(id, FindDefaultFile(id, described.Place, isDescribed: true), currency);
            }
            else if (FileCheck.IsTable(context, files, described.File, described.Place.Field("file")))
            {
                Add(id, described.File, currency);
            }
        }
    }

    private void Add(string id, string? file, string? currency)
    {
        if (file is not null && currency is not null)
        {
            _used.Add(id, new EltReference(id, file, currency));
        }
    }

    private string? FindDefaultFile(string id, JsonPlace place, bool isDescribed)
    {
        string csv = $"elts/{id}.csv";
        string parquet = $"elts/{id}.parquet";
        if (PortfolioFilePath.Objection(csv) is not null)
        {
            context.Problems.Add(place, $"The ELT id '{JsonValues.Shorten(id)}' is no file name; name its file in 'elts' of portfolio.json.");
            return null;
        }

        bool hasCsv = files.Exists(csv);
        bool hasParquet = files.Exists(parquet);
        if (hasCsv == hasParquet)
        {
            string remedy = hasCsv ? "name the one to read as its 'file' in 'elts' of portfolio.json" : "add the file, or name another in 'elts'";
            string nearest = hasCsv || isDescribed ? "" : context.Nearest.Ask(id, _described.Keys);
            context.Problems.Add(place, hasCsv
                ? $"The ELT '{id}' has both '{csv}' and '{parquet}'; {remedy}."
                : $"The ELT '{id}' has neither '{csv}' nor '{parquet}'; {remedy}.{nearest}");
            return null;
        }

        return hasCsv ? csv : parquet;
    }
}
