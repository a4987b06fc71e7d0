namespace RiskDurable.Portfolio.Results;

/// <summary>What all year loss table writers agree on.</summary>
internal static class YltColumns
{
    public const string Node = "node";
    public const string Trial = "trial";
    public const string AggregateLoss = "aggregate_loss";
    public const string MaxOccurrenceLoss = "max_occurrence_loss";
    public const string ReinstatementPremium = "reinstatement_premium";

    public static void CheckLengths(int trials, int aggregateLoss, int maxOccurrenceLoss, int reinstatementPremium)
    {
        if (aggregateLoss != trials || maxOccurrenceLoss != trials || reinstatementPremium != trials)
        {
            throw new ArgumentException(
                $"The columns differ in length: {trials} trials, {aggregateLoss}, {maxOccurrenceLoss} and {reinstatementPremium} amounts.");
        }
    }
}
