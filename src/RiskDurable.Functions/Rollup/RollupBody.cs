using System.Text.Json;
using RiskDurable.Execution.Planning;
using RiskDurable.Functions.Http;
using RiskDurable.Functions.Portfolios;
using RiskDurable.Portfolio;
using RiskDurable.Portfolio.Reading;

namespace RiskDurable.Functions.Rollup;

/// <summary>The body of a request for a rollup. Exactly one of portfolio, folder, uploaded and manifest is given.</summary>
/// <param name="Portfolio">Id of a portfolio that was packed: its latest version is run.</param>
/// <param name="Folder">A folder, to be packed first.</param>
/// <param name="Uploaded">Id of a portfolio whose files were uploaded, to be packed first.</param>
/// <param name="Manifest">Hash of a packed portfolio's manifest.</param>
/// <param name="Level">How deep the results go: <c>portfolio</c>, <c>tags</c>, <c>deals</c> or <c>layers</c>.</param>
/// <param name="ReturnPeriods">Years at which curves are read.</param>
/// <param name="ContributionPeriods">Years at which contributions to the parent's TVaR are given.</param>
/// <param name="BlockTrials">Trials a block when the portfolio is packed.</param>
/// <param name="RankConvention">Return period of a rank: <c>empirical</c> or <c>weibull</c>.</param>
/// <param name="Sampling">What a loss is: its <c>mean</c>, or drawn from a <c>beta</c> distribution.</param>
/// <param name="Seed">Seed of what is drawn.</param>
public sealed record RollupBody(
    string? Portfolio,
    string? Folder,
    string? Uploaded,
    string? Manifest,
    string Level,
    IReadOnlyList<double>? ReturnPeriods,
    IReadOnlyList<double>? ContributionPeriods,
    int? BlockTrials,
    string RankConvention,
    string Sampling,
    int? Seed)
{
    /// <summary>The seed where none is said.</summary>
    public const int DefaultSeed = 1;


    // The periods are part of the custom status, which stays under 4 KB.
    private const int MostReturnPeriods = 100;
    private const int MostContributionPeriods = 20;

    private static readonly string[] Known = ["portfolio", "folder", "uploaded", "manifest", "level", "returnPeriods", "contributionPeriods", "blockTrials", "rankConvention", "sampling", "seed"];
    private static readonly string[] Sources = ["portfolio", "folder", "uploaded", "manifest"];

    /// <summary>What is asked, with defaults for what is not said.</summary>
    public RollupSettings ToSettings() => new(
        Enum.Parse<ReportDepth>(Level, ignoreCase: true),
        ReturnPeriods ?? RollupSettings.Default.ReturnPeriods,
        ContributionPeriods ?? RollupSettings.Default.ContributionPeriods,
        Enum.Parse<Kernel.Metrics.RankConvention>(RankConvention, ignoreCase: true),
        Sampling == "beta" ? new Kernel.LossSampling((ulong)(Seed ?? DefaultSeed)) : null);

    /// <summary>The body that asks for the same again.</summary>
    /// <param name="request">A request.</param>
    public static RollupBody Of(RollupRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        string? uploaded = request.Folder is null ? null : PortfolioSources.UploadedPortfolio(request.Folder);
        return new RollupBody(
            null,
            uploaded is null ? request.Folder : null,
            uploaded,
            request.Manifest,
            request.Settings.Depth.ToString().ToLowerInvariant(),
            request.Settings.ReturnPeriods,
            request.Settings.ContributionPeriods,
            request.BlockTrials,
            request.Settings.RankConvention.ToString().ToLowerInvariant(),
            request.Settings.Sampling is null ? "mean" : "beta",
            (int?)request.Settings.Sampling?.Seed);
    }

    /// <summary>Reads a body.</summary>
    /// <param name="json">UTF-8.</param>
    /// <exception cref="BadInputException">Something is wrong; carries everything that is.</exception>
    public static RollupBody Parse(byte[] json)
    {
        using JsonDocument document = RequestContent.Parse(json);
        var problems = new List<Problem>();
        var fields = new BodyFields(document.RootElement, "$", Known, problems);
        if (document.RootElement.ValueKind == JsonValueKind.Object && Sources.Count(fields.Has) != 1)
        {
            problems.Add(new Problem(ApiProblem.Body, "$", "Exactly one of portfolio, folder, uploaded and manifest was expected."));
        }

        var body = new RollupBody(
            fields.Text("portfolio"),
            fields.Text("folder"),
            fields.Text("uploaded"),
            fields.Text("manifest"),
            fields.Word("level", "layers", "deals", "tags", "portfolio"),
            fields.ReturnPeriods("returnPeriods", MostReturnPeriods),
            fields.ReturnPeriods("contributionPeriods", MostContributionPeriods),
            fields.WholeNumber("blockTrials", 1, PortfolioReader.MaxTrials),
            fields.Word("rankConvention", "empirical", "weibull"),
            fields.Word("sampling", "mean", "beta"),
            fields.WholeNumber("seed", 0, int.MaxValue));
        if (body.Manifest is { } manifest && !(manifest.Length == 64 && manifest.All(char.IsAsciiHexDigitLower)))
        {
            fields.Add("manifest", "The hash of a manifest was expected: 64 lower-case hexadecimal digits.");
        }

        if (body.Seed is not null && body.Sampling != "beta")
        {
            fields.Add("seed", "Nothing is drawn where every loss is its mean; give seed with sampling beta only.");
        }

        if (body.BlockTrials is not null && !fields.Has("folder") && !fields.Has("uploaded"))
        {
            fields.Add("blockTrials", "What is packed already has its blocks; give blockTrials with folder or uploaded only.");
        }

        return problems.Count == 0 ? body : throw new BadInputException(problems);
    }
}
