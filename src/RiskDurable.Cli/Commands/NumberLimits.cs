using System.CommandLine;
using System.Globalization;

namespace RiskDurable.Cli.Commands;

/// <summary>Limits of options that are numbers.</summary>
internal static class NumberLimits
{
    /// <summary>
    /// Refuses numbers outside a range. It goes by the text: the value of what is no number throws, and is told of by the parser after this.
    /// </summary>
    /// <param name="option">The option.</param>
    /// <param name="lowest">The lowest that is allowed.</param>
    /// <param name="highest">The highest; the number's type has the last word.</param>
    public static void MustBeWithin(this Option option, double lowest, double highest = double.PositiveInfinity) => option.Validators.Add(result =>
    {
        if (result.Tokens is [{ Value: var text }]
            && double.TryParse(text, CultureInfo.InvariantCulture, out double number)
            && !(number >= lowest && number <= highest))
        {
            result.AddError(double.IsFinite(highest)
                ? string.Create(CultureInfo.InvariantCulture, $"{option.Name} must be from {lowest:R} to {highest:R}.")
                : string.Create(CultureInfo.InvariantCulture, $"{option.Name} must be at least {lowest:R}."));
        }
    });
}
