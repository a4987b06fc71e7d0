namespace RiskDurable.Infrastructure.Tests;

/// <summary>
/// Programs named <c>az</c> and <c>dotnet</c>, first on the path of a script: az writes down how it was called and answers from a table,
/// dotnet publishes a folder of two files and does everything else for real.
/// </summary>
internal sealed class FakeCloud : IDisposable
{
    private const string Az = """
        #!/usr/bin/env bash
        line="az $*"
        echo "$line" >> "$FAKE/calls"
        # answers: a glob, a tab, the answer; the first that fits. !TEXT fails with the text.
        while IFS=$'\t' read -r glob answer; do
          if [[ "$line" == $glob ]]; then
            case "$answer" in
              !*) echo "ERROR: ${answer#!}" >&2; exit 3 ;;
              *) printf '%b' "$answer"; exit 0 ;;
            esac
          fi
        done < "$FAKE/answers"
        exit 0
        """;

    private const string Dotnet = """
        #!/usr/bin/env bash
        if [ "$1" = publish ]; then
          echo "dotnet $*" >> "$FAKE/calls"
          while [ $# -gt 0 ]; do
            if [ "$1" = -o ]; then mkdir -p "$2/.azurefunctions"; echo app > "$2/RiskDurable.Functions.dll"; echo '{}' > "$2/host.json"; fi
            shift
          done
          exit 0
        fi
        exec "$REAL_DOTNET" "$@"
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("riskdurable-cloud-");
    private readonly List<(string Glob, string Answer)> _answers = [];

    public FakeCloud()
    {
        Write("az", Az);
        Write("dotnet", Dotnet);
    }

    /// <summary>How az and dotnet were called, in order.</summary>
    public string[] Calls => File.Exists(Path.Combine(_folder.FullName, "calls")) ? File.ReadAllLines(Path.Combine(_folder.FullName, "calls")) : [];

    /// <summary>What az says to calls that fit a glob; where it begins with an exclamation mark, az fails with it.</summary>
    public FakeCloud Answers(string glob, string answer)
    {
        _answers.Insert(0, (glob, answer));
        return this;
    }

    /// <summary>A subscription with a resource group of two flex apps.</summary>
    public FakeCloud WithApps(string plan = "flex") =>
        Answers("az account show*", "the-id\\nThe subscription\\n")
            .Answers("az group exists*", "true\\n")
            .Answers("*deployment group show*budgetStart*", $"2026-01-01\\n{plan}\\nrisk-rollup\\n")
            .Answers("*deployment group show*hub.value*", $"{plan}\\nazureStorage\\npackages\\n")
            .Answers("*deployment group show*apps.value[[][]]*", "rollup\\trisk-rollup\\thttps://rollup.example\\triskro\\ndeals\\trisk-deals\\thttps://deals.example\\triskde\\n")
            .Answers("*deployment group show*portfolios*", "riskstore\\nportfolios\\n")
            .Answers("*storage account show*", "https://host.blob.example/\\n")
            .Answers("*appsettings list*", "https://host.blob.example/packages/riskdurable-before.zip\\n")
            .Answers("*functionapp function list*", "12\\n");

    /// <summary>Runs a script of eng.</summary>
    public Task<ProcessRun> RunAsync(string script, string input, params string[] arguments)
    {
        File.WriteAllLines(Path.Combine(_folder.FullName, "answers"), _answers.Select(item => $"{item.Glob}\t{item.Answer}"));
        string path = Environment.GetEnvironmentVariable("PATH")!;
        string dotnet = path.Split(Path.PathSeparator).Select(folder => Path.Combine(folder, "dotnet")).First(File.Exists);
        var environment = new Dictionary<string, string>
        {
            ["PATH"] = $"{_folder.FullName}{Path.PathSeparator}{path}",
            ["FAKE"] = _folder.FullName,
            ["REAL_DOTNET"] = dotnet,
            ["DEPLOY_PAUSE"] = "0.05",
            ["DEPLOY_PATIENCE"] = "60",
        };
        return ProcessRun.StartAsync("bash", [Repository.Path("eng", script), .. arguments], Repository.Root, input, environment);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private void Write(string name, string text)
    {
        string path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text.ReplaceLineEndings("\n") + "\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
