using System.Globalization;
using System.Text.Json;
using RiskDurable.Portfolio.Files;
using RiskDurable.Portfolio.Model;

namespace RiskDurable.Portfolio.Reading;

/// <summary>
/// Reads <c>portfolio.json</c> and the deals, and refuses what is not sound (docs/formats.md). Tables are only checked to be
/// there; <see cref="Tables.EltReader"/> and <see cref="Tables.YetReader"/> read them.
/// </summary>
public static class PortfolioReader
{
    /// <summary>The file that makes a folder a portfolio.</summary>
    public const string FileName = "portfolio.json";

    /// <summary>The schema that this version reads.</summary>
    public const string Schema = "riskdurable/portfolio/1";

    /// <summary>Most trials that a portfolio may have.</summary>
    public const int MaxTrials = 100_000_000;

    private const string SchemaFamily = "riskdurable/portfolio/";

    private static readonly string[] PortfolioFields =
    [
        "schema", "id", "name", "currency", "fx", "trials", "trialsFile", "yet", "elts", "rollup", "deals", "dealsFile",
    ];

    /// <summary>Reads and checks a portfolio's definition.</summary>
    /// <param name="files">The portfolio's files.</param>
    /// <exception cref="BadInputException">Something is wrong; carries everything that is.</exception>
    public static PortfolioDefinition Read(IPortfolioFiles files)
    {
        ArgumentNullException.ThrowIfNull(files);
        var context = new ReadingContext();
        if (!files.Exists(FileName))
        {
            throw new BadInputException([new Problem(FileName, "", $"This file is missing in {files.Name}; it makes a folder a portfolio.")]);
        }

        using JsonDocument? document = JsonDocuments.Parse(context, JsonDocuments.ReadAll(files, FileName), FileName, firstLine: 1);
        context.Problems.ThrowIfAny();
        var fields = new JsonFields(context, document!.RootElement, JsonPlace.Document(FileName), PortfolioFields);
        if (!fields.IsObject)
        {
            context.Problems.ThrowIfAny();
        }

        CheckSchema(context, fields);
        string? id = fields.RequiredText("id", "the portfolio's name, unique among portfolios");
        string name = (fields.TryGet("name", out JsonElement given) ? context.ReadText(given, fields.Place.Field("name")) : null) ?? id ?? "";
        Currencies currencies = Currencies.Parse(context, fields);
        int? trials = fields.Require("trials", "the number of simulated years") ? fields.WholeNumber("trials", 1, MaxTrials) : null;
        string? yet = ReadYet(context, files, fields);
        string? trialsFile = ReadTrialsFile(context, files, fields);
        List<string> rollup = ReadRollup(context, fields);
        var elts = new EltCatalogue(context, files, currencies);
        elts.Describe(fields);

        var source = new DealSource(context, files);
        IReadOnlyList<DealDraft> deals = source.Read(fields);
        CheckUses(deals, currencies, elts);
        var references = new LayerReferences(context, deals, source.KnowsEveryId);
        references.Resolve();
        references.FindCycles();
        context.Problems.ThrowIfAny();

        return new PortfolioDefinition(
            id!, name, currencies.Reporting!, currencies.Rates, trials!.Value, yet!, elts.Used, rollup, [.. deals.Select(deal => deal.Build())], trialsFile);
    }

    private static void CheckSchema(ReadingContext context, JsonFields fields)
    {
        string? schema = fields.RequiredText("schema", $"the version of the format: \"{Schema}\"");
        if (schema is null or Schema)
        {
            return;
        }

        if (schema.StartsWith(SchemaFamily, StringComparison.Ordinal)
            && int.TryParse(schema.AsSpan(SchemaFamily.Length), NumberStyles.None, CultureInfo.InvariantCulture, out _))
        {
            // What a later version of the format calls its fields is not an error of the file: nothing else is looked at.
            throw new BadInputException(
                [new Problem(FileName, "$.schema", $"This version does not know the schema '{schema}'; it reads '{Schema}'. Use a later version.")]);
        }

        context.Problems.Add(
            fields.Place.Field("schema"), $"This version does not know the schema '{JsonValues.Shorten(schema)}'; it reads '{Schema}'.");
    }

    private static string? ReadYet(ReadingContext context, IPortfolioFiles files, JsonFields fields) =>
        fields.RequiredText("yet", "the file of the year-event table") is string yet
            && FileCheck.IsTable(context, files, yet, fields.Place.Field("yet"))
            ? yet
            : null;

    private static string? ReadTrialsFile(ReadingContext context, IPortfolioFiles files, JsonFields fields) =>
        fields.TryGet("trialsFile", out JsonElement given)
            && context.ReadText(given, fields.Place.Field("trialsFile")) is string file
            && FileCheck.IsTable(context, files, file, fields.Place.Field("trialsFile"))
            ? file
            : null;

    private static List<string> ReadRollup(ReadingContext context, JsonFields fields)
    {
        var rollup = new List<string>();
        foreach ((JsonElement element, JsonPlace place) in fields.Items("rollup", "tag names"))
        {
            if (context.ReadName(element, place) is not string tag)
            {
                continue;
            }

            if (tag is NodePath.DealName or NodePath.LayerName)
            {
                context.Problems.Add(place, $"'{tag}' is the name of a level that every hierarchy has; rename the tag.");
            }
            else if (rollup.Contains(tag))
            {
                context.Problems.Add(place, $"The tag '{tag}' is a level already; keep one.");
            }
            else
            {
                rollup.Add(tag);
            }
        }

        return rollup;
    }

    private static void CheckUses(IReadOnlyList<DealDraft> deals, Currencies currencies, EltCatalogue elts)
    {
        foreach (DealDraft deal in deals)
        {
            if (deal.Currency is not null)
            {
                currencies.Check(deal.Currency, deal.Place.Field("currency"));
            }

            foreach (SubjectDraft term in deal.Layers.SelectMany(layer => layer.Subject))
            {
                if (term.Elt is not null)
                {
                    elts.Use(term.Elt, term.Place.Field("elt"));
                }
            }
        }
    }
}
