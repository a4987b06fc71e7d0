using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using RiskDurable.Portfolio;
using Spectre.Console;

namespace RiskDurable.Cli.Terminal;

/// <summary>
/// What a command says: results to the output, everything else to the error stream, so that the output can be piped. With
/// <c>--json</c> the output is one JSON document, of refusals and failures too.
/// </summary>
internal sealed class CommandConsole
{
    private static readonly JsonSerializerOptions JsonOptions = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter() },
    };

    // A pipe or a file has no width; tables need some.
    private const int WidthWithoutTerminal = 120;

    private readonly TextWriter _output;
    private readonly TextWriter _error;

    public CommandConsole(TextWriter output, TextWriter error, bool isJson)
    {
        _output = output;
        _error = error;
        IsJson = isJson;
        Out = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        if (!Out.Profile.Out.IsTerminal)
        {
            Out.Profile.Width = Math.Max(Out.Profile.Width, WidthWithoutTerminal);
        }

        Err = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(error) });
    }

    /// <summary>Whether the output is one JSON document.</summary>
    public bool IsJson { get; }

    /// <summary>The output, for tables.</summary>
    public IAnsiConsole Out { get; }

    /// <summary>The error stream, for progress.</summary>
    public IAnsiConsole Err { get; }

    /// <summary>Shows a result: as JSON, or as a line of text.</summary>
    /// <param name="json">The document.</param>
    /// <param name="text">The line.</param>
    public void ShowResult(object json, string text) => _output.WriteLine(IsJson ? Serialize(json) : text);

    /// <summary>Shows a document: as JSON, or in a form for people.</summary>
    /// <param name="document">The document.</param>
    /// <param name="write">Writes the form for people.</param>
    public void ShowDocument(JsonNode document, Action write)
    {
        if (IsJson)
        {
            _output.WriteLine(Serialize(document));
        }
        else
        {
            write();
        }
    }

    /// <summary>Shows why the input was refused.</summary>
    public void ShowProblems(IReadOnlyList<Problem> problems)
    {
        if (IsJson)
        {
            _output.WriteLine(Serialize(new { Status = "bad-input", Problems = problems }));
            return;
        }

        foreach (Problem problem in problems)
        {
            _error.WriteLine(problem);
        }

        _error.WriteLine(problems.Count == 1 ? "1 problem; nothing was run." : $"{problems.Count} problems; nothing was run.");
    }

    /// <summary>Shows why a command ended early.</summary>
    /// <param name="status">In one word, for machines.</param>
    /// <param name="message">In a sentence.</param>
    public void ShowFailure(string status, string message)
    {
        if (IsJson)
        {
            _output.WriteLine(Serialize(new { Status = status, Message = message }));
        }

        _error.WriteLine(message);
    }

    /// <summary>Does work while its progress is shown: a bar on a terminal, now and then a line elsewhere.</summary>
    /// <param name="work">The work; it reports to what it is given.</param>
    public T WithProgress<T>(Func<IStageProgress, T> work)
    {
        if (!Err.Profile.Capabilities.Interactive || !Err.Profile.Out.IsTerminal)
        {
            return work(new PlainProgress(_error, TimeProvider.System));
        }

        return Err.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn(), new RemainingTimeColumn())
            .Start(context => work(new BarProgress(context)));
    }

    /// <inheritdoc cref="WithProgress{T}"/>
    public void WithProgress(Action<IStageProgress> work) => WithProgress<object?>(stages =>
    {
        work(stages);
        return null;
    });

    private static string Serialize(object document) => JsonSerializer.Serialize(document, JsonOptions);
}
