using CsCheck;

namespace RiskDurable.Kernel.Tests.Simulation;

internal static class Pick
{
    /// <summary>One of the values, each as likely.</summary>
    public static Gen<T> From<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);
}
