namespace RiskDurable.Portfolio.Files;

/// <summary>A part of a file: a run of its bytes.</summary>
/// <param name="First">Number of its first byte.</param>
/// <param name="Length">Number of bytes.</param>
public readonly record struct UploadPart(long First, long Length)
{
    /// <summary>
    /// Parts that give the file's bytes from the first on without a gap, each beginning where the one before ends; as far as there are
    /// such. Parts that overlap these are left out: they hold the same bytes.
    /// </summary>
    /// <param name="parts">Parts in any order, of one file.</param>
    public static IReadOnlyList<UploadPart> Sequence(IEnumerable<UploadPart> parts)
    {
        var chosen = new List<UploadPart>();
        ILookup<long, UploadPart> byFirst = parts.ToLookup(part => part.First);
        for (long end = 0; byFirst[end].Any(); end += chosen[^1].Length)
        {
            chosen.Add(byFirst[end].MaxBy(part => part.Length));
        }

        return chosen;
    }
}
