using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using RiskDurable.Portfolio;

namespace RiskDurable.Cli.Commands;

/// <summary>A request for an analysis, put together from the command line; what is wrong with it is told by file.</summary>
internal sealed partial class AnalysisFiles
{
    private static readonly JsonDocumentOptions Options = new() { CommentHandling = JsonCommentHandling.Skip };

    private readonly List<string> _dealFiles = [];
    private readonly string? _variantsFile;

    /// <param name="portfolio">The portfolio's id, a run's id, a manifest's hash, or the folder of a portfolio.</param>
    /// <param name="deals">Files of deals, and ids of deals.</param>
    /// <param name="variants">File of variants, or null.</param>
    /// <param name="returnPeriods">Years; none for those of the rollup.</param>
    /// <exception cref="BadInputException">A file is missing or no JSON.</exception>
    public AnalysisFiles(string portfolio, IEnumerable<string> deals, string? variants, IReadOnlyList<double> returnPeriods)
    {
        var given = new JsonArray();
        var ids = new JsonArray();
        foreach (string deal in deals)
        {
            if (deal.EndsWith(".json", StringComparison.OrdinalIgnoreCase) || File.Exists(deal))
            {
                given.Add(Read(deal));
                _dealFiles.Add(deal);
            }
            else
            {
                ids.Add(JsonValue.Create(deal));
            }
        }

        Request = new JsonObject { ["portfolio"] = PortfolioOf(portfolio), ["deals"] = given, ["dealIds"] = ids };
        if (variants is not null)
        {
            _variantsFile = variants;
            Request["variants"] = Read(variants);
        }

        if (returnPeriods.Count > 0)
        {
            Request["options"] = new JsonObject { ["returnPeriods"] = new JsonArray([.. returnPeriods.Select(period => JsonValue.Create(period))]) };
        }
    }

    /// <summary>The request.</summary>
    public JsonObject Request { get; }

    /// <summary>Problems with a request as problems with the files that it came from.</summary>
    public IReadOnlyList<Problem> ByFile(IReadOnlyList<Problem> problems) => [.. problems.Select(ByFile)];

    private static string PortfolioOf(string portfolio)
    {
        string definition = Path.Combine(portfolio, Portfolio.Reading.PortfolioReader.FileName);
        return File.Exists(definition) && Read(definition) is JsonObject fields && fields["id"] is JsonValue id && id.TryGetValue(out string? text) ? text : portfolio;
    }

    private static JsonNode? Read(string file)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllBytes(file), documentOptions: Options);
        }
        catch (JsonException error)
        {
            string place = string.Create(
                CultureInfo.InvariantCulture, $"line {(error.LineNumber ?? 0) + 1}, column {(error.BytePositionInLine ?? 0) + 1}");
            throw new BadInputException([new Problem(file, place, $"This is not valid JSON: {error.Message.Split(" LineNumber:")[0]}")]);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new BadInputException([new Problem(file, "", "There is no such file; name a file with a deal, or give the id of a deal of the portfolio.")]);
        }
    }

    private Problem ByFile(Problem problem)
    {
        Match deal = DealPlace().Match(problem.Place);
        if (deal.Success && int.Parse(deal.Groups[1].Value, CultureInfo.InvariantCulture) is var index && index < _dealFiles.Count)
        {
            return problem with { File = _dealFiles[index], Place = "$" + deal.Groups[2].Value };
        }

        return problem.Place.StartsWith("$.variants", StringComparison.Ordinal) && _variantsFile is not null
            ? problem with { File = _variantsFile, Place = "$" + problem.Place["$.variants".Length..] }
            : problem with { File = "command line" };
    }

    [GeneratedRegex(@"^\$\.deals\[(\d+)\](.*)$")]
    private static partial Regex DealPlace();
}
