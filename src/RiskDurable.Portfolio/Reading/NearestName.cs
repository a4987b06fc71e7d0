namespace RiskDurable.Portfolio.Reading;

/// <summary>Finds the name that was probably meant.</summary>
internal sealed class NearestName
{
    private const int LongestName = 64;

    // A file full of wrong names against a book full of right ones must not take minutes to refuse.
    private int _comparisonsLeft = 1_000_000;

    /// <summary>A sentence to append: <c> Did you mean 'share'?</c>, or nothing when no candidate is near.</summary>
    public string Ask(string wrong, IEnumerable<string> candidates) =>
        Find(wrong, candidates) is string name ? $" Did you mean '{name}'?" : "";

    private string? Find(string wrong, IEnumerable<string> candidates)
    {
        if (wrong.Length is 0 or > LongestName)
        {
            return null;
        }

        string? nearest = null;
        int best = Math.Max(1, wrong.Length / 3) + 1;
        foreach (string candidate in candidates)
        {
            if (--_comparisonsLeft < 0)
            {
                break;
            }

            if (Math.Abs(candidate.Length - wrong.Length) < best && candidate.Length <= LongestName)
            {
                int distance = Distance(wrong, candidate);
                if (distance < best && distance < candidate.Length)
                {
                    (best, nearest) = (distance, candidate);
                }
            }
        }

        return nearest;
    }

    /// <summary>Edit distance with swaps of neighbours (optimal string alignment); letters of either case are the same.</summary>
    private static int Distance(string a, string b)
    {
        Span<int> beforeLast = stackalloc int[b.Length + 1];
        Span<int> last = stackalloc int[b.Length + 1];
        Span<int> row = stackalloc int[b.Length + 1];
        for (int j = 0; j <= b.Length; j++)
        {
            last[j] = j;
        }

        for (int i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int change = Same(a[i - 1], b[j - 1]) ? 0 : 1;
                row[j] = Math.Min(Math.Min(row[j - 1], last[j]) + 1, last[j - 1] + change);
                if (i > 1 && j > 1 && Same(a[i - 1], b[j - 2]) && Same(a[i - 2], b[j - 1]))
                {
                    row[j] = Math.Min(row[j], beforeLast[j - 2] + 1);
                }
            }

            Span<int> spare = beforeLast;
            beforeLast = last;
            last = row;
            row = spare;
        }

        return last[b.Length];
    }

    private static bool Same(char a, char b) => char.ToUpperInvariant(a) == char.ToUpperInvariant(b);
}
