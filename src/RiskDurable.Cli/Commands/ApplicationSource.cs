using System.CommandLine;
using RiskDurable.Cli.Local;
using RiskDurable.Cli.Remote;
using RiskDurable.Portfolio;

namespace RiskDurable.Cli.Commands;

/// <summary>Which application is asked: that of a data folder, started for the question, or a deployment.</summary>
internal sealed class ApplicationSource
{
    private readonly DeploymentOptions _deployment = new();
    private readonly DataOptions _data;
    private readonly int _threads;

    /// <summary>Makes the options.</summary>
    /// <param name="data">What the data folder is to the command.</param>
    /// <param name="threads">Jobs at the same time, of a command that has work done. By default one: what was interrupted goes on meanwhile, and asking is no reason to work.</param>
    public ApplicationSource(string data = DataOptions.Folder, int threads = 1)
    {
        _data = new DataOptions(data);
        _threads = threads;
    }

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        _data.AddTo(command);
        _deployment.AddTo(command);
    }

    /// <summary>Asks.</summary>
    /// <param name="parsed">The call.</param>
    /// <param name="ask">The question; returns what the command wants to know.</param>
    /// <param name="cancellationToken">Stops.</param>
    public async Task<T> AskAsync<T>(ParseResult parsed, Func<Deployment, Task<T>> ask, CancellationToken cancellationToken)
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

        await using LocalApplication application = await LocalApplication.StartAsync(data, _threads, cancellationToken, listens: true);
        using Deployment local = application.Http();
        return await ask(local);
    }
}
