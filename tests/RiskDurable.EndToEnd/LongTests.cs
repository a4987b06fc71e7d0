namespace RiskDurable.EndToEnd;

/// <summary>The heavy versions of the tests run where <c>RISKDURABLE_LONG_TESTS=1</c>.</summary>
internal static class LongTests
{
    public static bool Wanted { get; } = Environment.GetEnvironmentVariable("RISKDURABLE_LONG_TESTS") == "1";

    public static int Choose(int normal, int heavy) => Wanted ? heavy : normal;
}
