namespace RiskDurable.Portfolio;

/// <summary>One thing wrong with the input.</summary>
/// <param name="File">The file, relative to the portfolio's root.</param>
/// <param name="Place">Where in it: a JSON path, or <c>line N</c>; empty when it is the whole file.</param>
/// <param name="Message">What is wrong, what was expected, and what to do.</param>
public sealed record Problem(string File, string Place, string Message)
{
    /// <summary>One line: <c>file: place: message</c>.</summary>
    public override string ToString() => Place.Length == 0 ? $"{File}: {Message}" : $"{File}: {Place}: {Message}";
}

/// <summary>The input was refused; carries every problem found.</summary>
public sealed class BadInputException : Exception
{
    /// <summary>Creates the refusal.</summary>
    /// <param name="problems">At least one problem.</param>
    public BadInputException(IReadOnlyList<Problem> problems)
        : base(Describe(problems)) => Problems = problems;

    /// <summary>Everything that is wrong, in the order found.</summary>
    public IReadOnlyList<Problem> Problems { get; }

    private static string Describe(IReadOnlyList<Problem> problems)
    {
        ArgumentOutOfRangeException.ThrowIfZero(problems.Count, nameof(problems));
        return string.Join(Environment.NewLine, problems);
    }
}
