using System.Diagnostics;

namespace RiskDurable.EndToEnd;

/// <summary>The command line as users start it: a process of its own.</summary>
internal sealed class RiskProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _error;

    private RiskProcess(Process process) =>
        (_process, _output, _error) = (process, process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public static RiskProcess Start(IReadOnlyDictionary<string, string>? environment, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "risk.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return new RiskProcess(Process.Start(start) ?? throw new InvalidOperationException("'dotnet' did not start."));
    }

    public static Task<RiskOutcome> Run(params IEnumerable<string> arguments) => Run(null, arguments);

    public static async Task<RiskOutcome> Run(IReadOnlyDictionary<string, string>? environment, IEnumerable<string> arguments)
    {
        using RiskProcess process = Start(environment, arguments);
        return await process.End();
    }

    /// <summary>Waits for the end; a process that does not come to one fails the test.</summary>
    public async Task<RiskOutcome> End()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);
        return new RiskOutcome(_process.ExitCode, await _output, await _error);
    }

    /// <summary>Ends the process at once, as a power failure would, and waits until it is gone.</summary>
    public async Task Kill()
    {
        _process.Kill();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }
}

/// <summary>How a call of the command line ended, and what it said.</summary>
internal sealed record RiskOutcome(int ExitCode, string Output, string Error)
{
    public string Text => Output + Error;
}
