using System.Globalization;

namespace RiskDurable.Reference;

/// <summary>A published worked example of one layer and one year: losses in order, and what the source says comes of them.</summary>
/// <param name="Id">The row's name in the file.</param>
/// <param name="Layer">Terms; its subject is the ELT <c>E</c>, its share 1.</param>
/// <param name="Losses">Subject losses in the order of the year.</param>
/// <param name="Recoveries">As published, in the same order; only the total counts where <paramref name="TotalOnly"/>.</param>
/// <param name="TotalOnly">The source spreads the year's total pro rata over the occurrences instead of in event order.</param>
/// <param name="ReinstatementPremium">Expected; null where the source gives none.</param>
public sealed record WorkedExample(string Id, Layer Layer, double[] Losses, double[] Recoveries, bool TotalOnly, double? ReinstatementPremium)
{
    /// <summary>The row whose published premium contradicts pro rata as to amount; the right one is known.</summary>
    private const string Wrong = "PAL-multi-reinst-WRONG";

    private const double RightPremium = 1100;

    /// <summary>Every row that has losses, from <c>Vectors/worked_small</c> beside the running assembly.</summary>
    public static IReadOnlyList<WorkedExample> ReadAll() =>
        [.. Vectors.Records("worked_small", "reinstatement_examples.csv").Where(row => row["losses_in_order"] != "").Select(Read)];

    private static WorkedExample Read(Dictionary<string, string> row)
    {
        string id = row["id"];
        double[] losses = Numbers(row["losses_in_order"]);
        double franchise = id == "PAL-franchise" ? 250_000 : 0;
        string premium = row["upfront_premium"];
        return new WorkedExample(
            id,
            new Layer
            {
                Id = "L1",
                Subject = [SubjectTerm.OfElt("E")],
                OccurrenceLimit = Vectors.Number(row["limit"]),
                OccurrenceRetention = Vectors.Number(row["retention"]),
                AggregateRetention = Vectors.Number(row["agg_deductible"]),
                AggregateLimit = row["agg_limit"] == "unlimited" ? null : Vectors.Number(row["agg_limit"]),
                Franchise = franchise,
                Premium = premium == "n/a" ? 0 : Vectors.Number(premium),
                Reinstatements = Reinstatements(row["n_reinstatements"], row["reinst_pct"]),
            },
            losses,
            Numbers(row["expected_recoveries"]),
            id is "PAL-agglimit" or "PAL-aggded",
            id == Wrong ? RightPremium : row["expected_reinstatement_premium"] == "" ? null : Vectors.Number(row["expected_reinstatement_premium"]));
    }

    private static Reinstatement[] Reinstatements(string count, string rates)
    {
        if (!int.TryParse(count, CultureInfo.InvariantCulture, out int number))
        {
            return [];
        }

        double[] each = rates is "" or "n/a" ? [0] : Numbers(rates);
        return each.Length == 1 ? [new Reinstatement(number, each[0])] : [.. each.Take(number).Select(rate => new Reinstatement(1, rate))];
    }

    private static double[] Numbers(string text) => [.. text.Split(';').Select(Vectors.Number)];
}
