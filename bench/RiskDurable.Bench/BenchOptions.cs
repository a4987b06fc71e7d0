using System.Globalization;

namespace RiskDurable.Bench;

/// <summary>What to measure, and at which size.</summary>
internal sealed record BenchOptions
{
    public IReadOnlyList<string> Cases { get; init; } = KernelCases.Names;

    public int Trials { get; init; } = 100_000;

    public int EventsPerTrial { get; init; } = 1_000;

    public int Catalogue { get; init; } = 2_000_000;

    public int BlockTrials { get; init; } = 32_768;

    public int Layers { get; init; } = 3_200;

    public int Nodes { get; init; } = 20_000;

    public int Repeats { get; init; } = 5;

    public string? JsonFile { get; init; }

    public long Occurrences => (long)Trials * EventsPerTrial;

    /// <summary>The options, or null with what is wrong on standard error.</summary>
    public static BenchOptions? Parse(ReadOnlySpan<string> args)
    {
        var options = new BenchOptions();
        var cases = new List<string>();
        string? problem = null;
        for (int i = 0; i < args.Length && problem is null; i++)
        {
            string name = args[i];
            if (!name.StartsWith('-'))
            {
                problem = KernelCases.Names.Contains(name) ? null : $"There is no case '{name}'.";
                cases.Add(name);
                continue;
            }

            if (name == "--processor-time")
            {
                Timing.OfProcessor = true;
                continue;
            }

            string? value = ++i < args.Length ? args[i] : null;
            if (name == "--json" && value is not null)
            {
                options = options with { JsonFile = value };
                continue;
            }

            problem = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0 ? null : $"{name} takes a positive whole number.";
            BenchOptions? changed = name switch
            {
                "--trials" => options with { Trials = number },
                "--events" => options with { EventsPerTrial = number },
                "--catalogue" => options with { Catalogue = number },
                "--block" => options with { BlockTrials = number },
                "--layers" => options with { Layers = number },
                "--nodes" => options with { Nodes = number },
                "--repeats" => options with { Repeats = number },
                _ => null,
            };
            problem = changed is null ? $"There is no option {name}." : problem;
            options = changed ?? options;
        }

        if (problem is not null)
        {
            Console.Error.WriteLine(problem);
            return null;
        }

        return cases.Count == 0 ? options : options with { Cases = cases };
    }
}
