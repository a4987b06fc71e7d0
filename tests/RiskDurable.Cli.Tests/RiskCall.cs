namespace RiskDurable.Cli.Tests;

/// <summary>A call of the command line within the test's process.</summary>
internal sealed record RiskCall(int ExitCode, string Output, string Error)
{
    public static Task<RiskCall> Run(params string[] args) => Run(TestContext.Current.CancellationToken, args);

    public static async Task<RiskCall> Run(CancellationToken cancellationToken, params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int code = await RiskApp.RunAsync(args, output, error, cancellationToken);
        return new RiskCall(code, output.ToString(), error.ToString());
    }
}
