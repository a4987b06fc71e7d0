namespace RiskDurable.Embedded.Hosting;

/// <summary>The host cannot start as it is configured or programmed. The message lists every problem with its place and remedy.</summary>
public sealed class HostStartupException : Exception
{
    /// <summary>The host cannot start.</summary>
    /// <param name="message">What kind of problems there are.</param>
    /// <param name="problems">Each problem with its place and remedy.</param>
    public HostStartupException(string message, IReadOnlyList<string> problems)
        : base($"{message}{string.Concat(problems.Select(problem => $"{Environment.NewLine}  {problem}"))}") => Problems = problems;

    /// <summary>Each problem, with its place and remedy.</summary>
    public IReadOnlyList<string> Problems { get; }

    /// <summary>The message alone: the place to look is in it, not in the host's stack.</summary>
    public override string ToString() => Message;
}
