using System.Globalization;
using System.Text.Json;
using RiskDurable.Portfolio.Model;

namespace RiskDurable.Portfolio.Reading;

/// <summary>
/// Reads a request to analyse deals (docs/formats.md): first which portfolio it is about, then, once that is known, the deals, by the rules
/// of a portfolio file and with the same messages.
/// </summary>
public sealed class AnalysisRequestReader : IDisposable
{
    /// <summary>Most pairs of a deal and a variant that one request may ask for.</summary>
    public const int MaxVariants = 64;

    private const int MaxReturnPeriods = 100;

    private static readonly string[] RequestFields = ["portfolio", "deals", "dealIds", "variants", "options"];
    private static readonly string[] OptionFields = ["returnPeriods"];

    private readonly ReadingContext _context = new();
    private readonly JsonDocument _document;
    private readonly JsonFields _fields;

    private AnalysisRequestReader(ReadOnlyMemory<byte> json, string name)
    {
        JsonDocument? document = JsonDocuments.Parse(_context, json, name, firstLine: 1);
        _context.Problems.ThrowIfAny();
        _document = document!;
        _fields = new JsonFields(_context, _document.RootElement, JsonPlace.Document(name), RequestFields);
        if (!_fields.IsObject)
        {
            _document.Dispose();
            _context.Problems.ThrowIfAny();
        }

        Portfolio = _fields.RequiredText("portfolio", "the portfolio to compare with: its id, a run's id or a manifest's hash");
    }

    /// <summary>What the request calls the portfolio; null where it does not say, which <see cref="Read"/> reports.</summary>
    public string? Portfolio { get; }

    /// <summary>Opens a request.</summary>
    /// <param name="json">UTF-8.</param>
    /// <param name="name">What problems call the document.</param>
    /// <exception cref="BadInputException">It is no JSON, or no object.</exception>
    public static AnalysisRequestReader Open(ReadOnlyMemory<byte> json, string name = "request") => new(json, name);

    /// <summary>Reads the deals.</summary>
    /// <param name="known">The portfolio; null where none is known, to find what is wrong all the same.</param>
    /// <exception cref="BadInputException">Something is wrong; carries everything that is.</exception>
    public AnalysisRequest Read(KnownPortfolio? known)
    {
        IReadOnlyList<double>? periods = ReadReturnPeriods();
        if (known is null)
        {
            _context.Problems.ThrowIfAny();
            throw new ArgumentNullException(nameof(known));
        }

        var cases = new DealCases(_context, known);
        foreach ((JsonElement element, JsonPlace place) in _fields.Items("deals", "deals"))
        {
            cases.AddGiven(element, place);
        }

        foreach ((JsonElement element, JsonPlace place) in _fields.Items("dealIds", "ids of deals"))
        {
            cases.AddFromPortfolio(element, place);
        }

        foreach ((JsonElement element, JsonPlace place) in _fields.Items("variants", "variants"))
        {
            cases.AddVariant(element, place);
        }

        if (!_fields.Has("deals") && !_fields.Has("dealIds"))
        {
            _context.Problems.Add(_fields.Place, "No deal is given; give deals in 'deals', or name deals of the portfolio in 'dealIds'.");
        }
        else if (cases.IsEmpty)
        {
            _context.Problems.Add(_fields.Place, "Neither 'deals' nor 'dealIds' has an entry; give at least one deal.");
        }

        if (cases.VariantCount > MaxVariants)
        {
            _context.Problems.Add(_fields.Place, string.Create(
                CultureInfo.InvariantCulture,
                $"The request asks for {cases.VariantCount} deals and variants; at most {MaxVariants} are answered at once. Send several requests."));
        }

        _context.Problems.ThrowIfAny();
        return new AnalysisRequest(Portfolio!, cases.Build(), periods);
    }

    /// <inheritdoc/>
    public void Dispose() => _document.Dispose();

    private List<double>? ReadReturnPeriods()
    {
        if (!_fields.TryGet("options", out JsonElement element))
        {
            return null;
        }

        var options = new JsonFields(_context, element, _fields.Place.Field("options"), OptionFields);
        if (!options.Has("returnPeriods"))
        {
            return null;
        }

        var periods = new List<double>();
        foreach ((JsonElement item, JsonPlace place) in options.Items("returnPeriods", "years"))
        {
            if (!_context.ReadNumber(item, place, out double period))
            {
                continue;
            }

            if (period < 1)
            {
                _context.Problems.Add(place, string.Create(CultureInfo.InvariantCulture, $"{period} is no return period; it is at least 1 year."));
            }
            else if (periods.Contains(period))
            {
                _context.Problems.Add(place, string.Create(CultureInfo.InvariantCulture, $"The return period {period} is given twice; keep one."));
            }
            else
            {
                periods.Add(period);
            }
        }

        if (periods.Count > MaxReturnPeriods)
        {
            _context.Problems.Add(options.Place.Field("returnPeriods"), string.Create(
                CultureInfo.InvariantCulture, $"{periods.Count} return periods are asked for; at most {MaxReturnPeriods} are answered."));
        }

        return periods;
    }
}
