namespace RiskDurable.Cli;

/// <summary>What the process says to whoever started it.</summary>
internal static class ExitCode
{
    /// <summary>Everything is done.</summary>
    public const int Done = 0;

    /// <summary>The run failed.</summary>
    public const int Failed = 1;

    /// <summary>The input or the command line is wrong; nothing was run.</summary>
    public const int BadInput = 2;

    /// <summary>Interrupted, by Ctrl-C for example.</summary>
    public const int Interrupted = 130;
}
