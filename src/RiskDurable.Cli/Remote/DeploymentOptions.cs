using System.CommandLine;
using System.CommandLine.Parsing;

namespace RiskDurable.Cli.Remote;

/// <summary>The options <c>--host</c> and <c>--key</c> of a command that can speak to a deployment.</summary>
internal sealed class DeploymentOptions
{
    private readonly Option<string?> _host;
    private readonly Option<string?> _key = new("--key") { Description = "The deployment's key." };

    /// <summary>Makes the options.</summary>
    /// <param name="isRequired">Whether the command speaks to a deployment only.</param>
    public DeploymentOptions(bool isRequired = false)
    {
        _host = new("--host")
        {
            Description = $"Address of a deployment, such as http://localhost:7071{(isRequired ? "" : ", to use in place of this machine")}.",
            Required = isRequired,
        };
        _host.Validators.Add(CheckHost);
    }

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        command.Add(_host);
        command.Add(_key);
    }

    /// <summary>The deployment that a call names, or null for this machine.</summary>
    /// <param name="parsed">The call.</param>
    public Deployment? Of(ParseResult parsed) =>
        parsed.GetValue(_host) is { } host ? new Deployment(new Uri(host), parsed.GetValue(_key)) : null;

    /// <summary>Whether a call names a deployment.</summary>
    /// <param name="command">The call, as far as it is read.</param>
    public bool IsGiven(CommandResult command) => command.GetValue(_host) is not null;

    private static void CheckHost(OptionResult result)
    {
        if (result.GetValueOrDefault<string?>() is { } host
            && !(Uri.TryCreate(host, UriKind.Absolute, out Uri? address) && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)))
        {
            result.AddError($"--host {host}: an address such as http://localhost:7071 was expected.");
        }
    }
}
