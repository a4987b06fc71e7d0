using System.CommandLine;
using System.CommandLine.Parsing;
using RiskDurable.Azure;

namespace RiskDurable.Cli.Local;

/// <summary>The options <c>--data</c> and <c>--store</c> of a command that runs the application on this machine.</summary>
internal sealed class DataOptions
{
    /// <summary>Where <c>--data</c> is when it is not given.</summary>
    public const string DefaultFolder = ".riskdurable";

    /// <summary>What the folder is to most commands.</summary>
    public const string Folder = "Folder of state and objects.";

    private readonly Option<string> _folder;
    private readonly Option<string> _store = new("--store")
    {
        Description = "Where objects are: disk (in the data folder), azurite, or addresses of storage accounts, https://ACCOUNT.blob.core.windows.net.",
        DefaultValueFactory = _ => StoreAddress.Disk,
    };

    /// <summary>Makes the options.</summary>
    /// <param name="description">What the folder is to the command.</param>
    public DataOptions(string description = Folder)
    {
        _folder = new("--data") { Description = description, DefaultValueFactory = _ => DefaultFolder };
        _store.Validators.Add(CheckStore);
    }

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        command.Add(_folder);
        command.Add(_store);
    }

    /// <summary>What a call says.</summary>
    /// <param name="parsed">The call.</param>
    public DataPlace Of(ParseResult parsed) => new(parsed.GetRequiredValue(_folder), parsed.GetRequiredValue(_store));

    private static void CheckStore(OptionResult result)
    {
        if (!StoreAddress.TryParse(result.GetValueOrDefault<string>(), out _, out string? problem))
        {
            result.AddError($"--store: {problem}");
        }
    }
}

/// <summary>Where the application keeps things.</summary>
/// <param name="Folder">State, and scratch files.</param>
/// <param name="Store">Objects and documents, as <see cref="StoreAddress"/> reads it.</param>
internal sealed record DataPlace(string Folder, string Store = StoreAddress.Disk);
