namespace RiskDurable.Functions.Rollup;

/// <summary>A run ends because it was cancelled.</summary>
internal sealed class RunCancelledException() : InvalidOperationException("The run was cancelled. Start the rollup again: only what is missing runs.");
