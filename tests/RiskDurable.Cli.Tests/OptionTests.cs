namespace RiskDurable.Cli.Tests;

public sealed class OptionTests
{
    [Theory]
    [InlineData("with --sampling beta only", "--seed", "3")]
    [InlineData("with --sampling beta only", "--sampling", "mean", "--seed", "3")]
    [InlineData("--seed must be at least 0", "--sampling", "beta", "--seed", "-1")]
    [InlineData("'x'", "--sampling", "beta", "--seed", "x")]
    [InlineData("'gamma'", "--sampling", "gamma")]
    [InlineData("'x'", "--threads", "x")]
    public async Task Options_of_a_rollup_that_cannot_be_meant_are_refused_with_the_reason(string reason, params string[] options)
    {
        RiskCall call = await RiskCall.Run(["rollup", "book", .. options]);
        Assert.Equal(2, call.ExitCode);
        Assert.Contains(reason, call.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", call.Error + call.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--port must be from 0 to 65535", "serve", "--port", "65536")]
    [InlineData("'x'", "serve", "--port", "x")]
    [InlineData("--grace-minutes must be from 0", "gc", "--grace-minutes", "-1")]
    [InlineData("--grace-minutes must be from 0", "gc", "--grace-minutes", "NaN")]
    [InlineData("'x'", "gc", "--grace-minutes", "x")]
    [InlineData("--run-days must be from 0", "gc", "--run-days", "-1")]
    [InlineData("'x'", "gc", "--run-days", "x")]
    [InlineData("--periods must be at least 1", "import", "ord", "book", "--plt", "plt.csv", "--periods", "0")]
    [InlineData("'x'", "import", "ord", "book", "--plt", "plt.csv", "--periods", "x")]
    public async Task So_are_those_of_other_commands(string reason, params string[] call)
    {
        RiskCall refused = await RiskCall.Run(call);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains(reason, refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", refused.Error + refused.Output, StringComparison.Ordinal);
    }
}
