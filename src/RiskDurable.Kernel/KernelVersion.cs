namespace RiskDurable.Kernel;

/// <summary>The version of the numbers.</summary>
public static class KernelVersion
{
    /// <summary>
    /// Part of every job's key. Raised by hand when results change for the same input, be it in the last bit: a test with pinned
    /// digests of results says when.
    /// </summary>
    public const int Current = 1;
}
