namespace RiskDurable.Reference;

/// <summary>The draws that random portfolios and folders are made of.</summary>
internal static class Drawing
{
    public static bool Chance(this Random random, double probability) => random.NextDouble() < probability;

    public static T Pick<T>(this Random random, params IReadOnlyList<T> values) => values[random.Next(values.Count)];

    /// <summary>The values in random order.</summary>
    public static IEnumerable<T> Order<T>(this IEnumerable<T> values, Random random)
    {
        T[] shuffled = [.. values];
        random.Shuffle(shuffled);
        return shuffled;
    }
}
