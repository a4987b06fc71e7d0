using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace RiskDurable.Embedded.Tests.Worker;

/// <summary>The sample application as a process of its own.</summary>
internal sealed partial class SampleProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public SampleProcess(string stateFolder, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = stateFolder,
            ArgumentList =
            {
                Path.Combine(AppContext.BaseDirectory, "RiskDurable.Embedded.SampleApp.dll"), "--EmbeddedHost:Port", "0", "--EmbeddedHost:StateFolder", stateFolder,
            },
        };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public Task<Uri> Address => _listening.Task.WaitAsync(TimeSpan.FromSeconds(30), SampleHost.Patience);

    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    public void Signal(string name)
    {
        using Process kill = Process.Start("kill", [$"-{name}", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync(SampleHost.Patience).WaitAsync(TimeSpan.FromSeconds(30), SampleHost.Patience);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private void Take(string? line)
    {
        lock (_output)
        {
            _output.AppendLine(line);
        }

        if (line is not null && Started().Match(line) is { Success: true } found)
        {
            _listening.TrySetResult(new Uri(found.Groups[1].Value));
        }
    }

    [GeneratedRegex(@"Host started at (http://\S+?)\.?$")]
    private static partial Regex Started();
}
