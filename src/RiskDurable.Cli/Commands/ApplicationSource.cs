using System.CommandLine;
using RiskDurable.Cli.Local;
using RiskDurable.Cli.Remote;
using RiskDurable.Portfolio;

namespace RiskDurable.Cli.Commands;

/// <summary>Which application is asked: that of a data folder, started for the question, or a deployment.</summary>
internal sealed class ApplicationSource
{
    private readonly DeploymentOptions _deployment = new();
    private readonly DataOptions _data = new();

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        _data.AddTo(command);
        _deployment.AddTo(command);
    }

    /// <summary>Asks.</summary>
    /// <param name="parsed">The call.</param>
    /// <param name="ask">The question; returns the exit code.</param>
    /// <param name="cancellationToken">Stops.</param>
    public async Task<int> AskAsync(ParseResult parsed, Func<Deployment, Task<int>> ask, CancellationToken cancellationToken)
    {
        if (_deployment.Of(parsed) is { } there)
        {
            using (there)
            {
                return await ask(there);
            }
        }

        DataPlace data = _data.Of(parsed);
        if (!Directory.Exists(data.Folder))
        {
            throw new BadInputException([new Problem(data.Folder, "", "There is no such data folder; name the one that rollups used with --data, or a deployment with --host.")]);
        }

        // What was interrupted goes on meanwhile, one job at a time: asking is no reason to work.
        await using LocalApplication application = await LocalApplication.StartAsync(data, threads: 1, cancellationToken, listens: true);
        (Uri address, string key) = application.Http!.Value;
        using var local = new Deployment(address, key);
        return await ask(local);
    }
}
