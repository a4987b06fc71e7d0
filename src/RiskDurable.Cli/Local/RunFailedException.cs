namespace RiskDurable.Cli.Local;

/// <summary>A run failed; the message says what, and what to do.</summary>
/// <param name="message">A sentence for people.</param>
internal class RunFailedException(string message) : Exception(message);
