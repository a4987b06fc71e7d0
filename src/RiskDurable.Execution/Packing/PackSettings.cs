namespace RiskDurable.Execution.Packing;

/// <summary>How a portfolio is packed.</summary>
/// <param name="BlockTrials">Trials a block, at least 1. Results do not depend on it, keys do.</param>
/// <param name="Threads">Event loss tables read, or blocks indexed, at the same time, at least 1; each holds one of them.</param>
public sealed record PackSettings(int BlockTrials = PackSettings.DefaultBlockTrials, int Threads = 1)
{
    /// <summary>Small enough for a block's work arrays to stay in cache at 100 events a trial, large enough for few objects.</summary>
    public const int DefaultBlockTrials = 10_000;

    /// <summary>
    /// Bundles a level is dealt into. The same for every portfolio: were it to follow the number of deals, a deal added could move
    /// all the others, and with them the order in which sums run.
    /// </summary>
    public const int Bundles = 64;
}

/// <summary>How far packing has come.</summary>
/// <param name="Step">What is being done, for people.</param>
/// <param name="Fraction">From 0 to 1, of this step.</param>
public readonly record struct PackProgress(string Step, double Fraction)
{
    /// <summary>The step in which event loss tables are packed.</summary>
    public const string Elts = "Packing event loss tables";
}
