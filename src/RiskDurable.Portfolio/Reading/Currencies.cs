using System.Globalization;
using System.Text.Json;

namespace RiskDurable.Portfolio.Reading;

/// <summary>The reporting currency and the rates into it.</summary>
internal sealed class Currencies
{
    private readonly ReadingContext _context;
    private readonly Dictionary<string, double> _rates = new(StringComparer.Ordinal);
    private readonly HashSet<string> _named = new(StringComparer.Ordinal);

    private bool _isUnreadable;

    private Currencies(ReadingContext context, string? reporting)
    {
        _context = context;
        Reporting = reporting;
    }

    /// <summary>The reporting currency, or null after a problem.</summary>
    public string? Reporting { get; }

    /// <summary>Reporting-currency units for one unit of each currency.</summary>
    public IReadOnlyDictionary<string, double> Rates => _rates;

    /// <summary>The currencies of a portfolio that was read before.</summary>
    public static Currencies Of(ReadingContext context, KnownPortfolio portfolio)
    {
        var currencies = new Currencies(context, portfolio.Currency);
        foreach ((string currency, double rate) in portfolio.Fx)
        {
            currencies._rates[currency] = rate;
            currencies._named.Add(currency);
        }

        return currencies;
    }

    public static Currencies Parse(ReadingContext context, JsonFields portfolio)
    {
        var currencies = new Currencies(context, portfolio.RequiredText("currency", "the reporting currency"));
        if (portfolio.TryGet("fx", out JsonElement element))
        {
            currencies.ParseRates(element, portfolio.Place.Field("fx"));
        }

        if (currencies.Reporting is not null)
        {
            currencies._rates[currencies.Reporting] = 1;
            currencies._named.Add(currencies.Reporting);
        }

        return currencies;
    }

    /// <summary>Reports a currency that has no rate.</summary>
    public void Check(string currency, JsonPlace place)
    {
        // Without a reporting currency or readable rates nobody can tell; that is reported already.
        if (Reporting is not null && !_isUnreadable && !_named.Contains(currency))
        {
            _context.Problems.Add(
                place,
                $"The currency '{JsonValues.Shorten(currency)}' has no rate in 'fx' of portfolio.json."
                + $"{_context.Nearest.Ask(currency, _named)} Add how many {Reporting} one {JsonValues.Shorten(currency)} is.");
        }
    }

    private void ParseRates(JsonElement element, JsonPlace place)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            _isUnreadable = true;
            _context.Problems.Add(
                place, $"An object of rates such as {{ \"EUR\": 1.08 }} was expected, but this is {JsonValues.Describe(element)}.");
            return;
        }

        foreach (JsonProperty property in element.EnumerateObject())
        {
            if (_context.ReadName(property, place) is not string currency)
            {
                continue;
            }

            JsonPlace at = place.Field(currency);
            if (!_named.Add(currency))
            {
                _context.Problems.Add(at, $"The rate of '{currency}' is given twice; keep one.");
            }
            else if (_context.ReadNumber(property.Value, at, out double rate))
            {
                if (rate <= 0)
                {
                    _context.Problems.Add(at, string.Create(CultureInfo.InvariantCulture, $"The rate {rate} is not positive."));
                }
                else if (currency == Reporting && rate != 1)
                {
                    _context.Problems.Add(
                        at, string.Create(CultureInfo.InvariantCulture, $"'{currency}' is the reporting currency; its rate is 1, not {rate}."));
                }
                else
                {
                    _rates[currency] = rate;
                }
            }
        }
    }
}
