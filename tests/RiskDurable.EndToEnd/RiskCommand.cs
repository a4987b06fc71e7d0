using System.Reflection;

namespace RiskDurable.EndToEnd;

/// <summary>The command line called in this process: a process start for each of thousands of calls would take minutes.</summary>
internal static class RiskCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly MethodInfo Main = Assembly.Load("risk").EntryPoint ?? throw new InvalidOperationException("risk.dll has no entry point.");

    /// <summary>An exception that leaves the entry point, or a call that does not end, fails the test.</summary>
    public static async Task<RiskOutcome> Run(params string[] arguments)
    {
        (TextWriter output, TextWriter error) = (Console.Out, Console.Error);
        using var newOutput = new StringWriter();
        using var newError = new StringWriter();
        Console.SetOut(TextWriter.Synchronized(newOutput));
        Console.SetError(TextWriter.Synchronized(newError));
        try
        {
            object? code = await Task.Run(() => Main.Invoke(null, [arguments])).WaitAsync(Patience, TestContext.Current.CancellationToken);
            return new RiskOutcome(code is int number ? number : 0, newOutput.ToString(), newError.ToString());
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(error);
        }
    }
}
