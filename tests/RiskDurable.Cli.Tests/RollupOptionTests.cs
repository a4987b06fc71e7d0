namespace RiskDurable.Cli.Tests;

public sealed class RollupOptionTests
{
    [Theory]
    [InlineData("with --sampling beta only", "--seed", "3")]
    [InlineData("with --sampling beta only", "--sampling", "mean", "--seed", "3")]
    [InlineData("--seed must be at least 0", "--sampling", "beta", "--seed", "-1")]
    [InlineData("'x'", "--sampling", "beta", "--seed", "x")]
    [InlineData("'gamma'", "--sampling", "gamma")]
    [InlineData("'x'", "--threads", "x")]
    public async Task Options_that_cannot_be_meant_are_refused_with_the_reason(string reason, params string[] options)
    {
        RiskCall call = await RiskCall.Run(["rollup", "book", .. options]);
        Assert.Equal(2, call.ExitCode);
        Assert.Contains(reason, call.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", call.Error + call.Output, StringComparison.Ordinal);
    }
}
