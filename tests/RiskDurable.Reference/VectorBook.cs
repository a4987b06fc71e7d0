namespace RiskDurable.Reference;

/// <summary>The published examples as portfolios, so that a whole run can be held against them.</summary>
public static class VectorBook
{
    /// <summary>One deal an example, named like it; trial 1 of two holds the losses of all, each in its own ELT.</summary>
    public static Book OfWorkedExamples(IReadOnlyList<WorkedExample> examples)
    {
        const long Stride = 1000;
        return new Book
        {
            Id = "worked-examples",
            Currency = "USD",
            Fx = new Dictionary<string, double>(),
            Trials = 2,
            Yet = [.. examples.SelectMany((example, i) => example.Losses.Select((_, d) => new YetRow(1, (Stride * i) + d, d)))],
            Elts = [.. examples.Select((example, i) => new LossTable(
                $"E{i}", "USD", [.. example.Losses.Select((loss, d) => new LossRow((Stride * i) + d, loss))]))],
            Rollup = [],
            Deals = [.. examples.Select((example, i) => new Deal(
                example.Id, "USD", new Dictionary<string, string>(), [example.Layer with { Subject = [SubjectTerm.OfElt($"E{i}")] }]))],
        };
    }

    /// <summary>Mata's layers in one deal over a catalogue of equally likely slices of the severity.</summary>
    public static Book OfMata(IReadOnlyList<MataExample> examples, int trials, int seed)
    {
        const int Slices = 20_000;
        var random = new Random(seed);
        var yet = new List<YetRow>();
        for (int trial = 1; trial <= trials; trial++)
        {
            int losses = MataExample.LossesOfYear(random);
            yet.AddRange(Enumerable.Range(0, losses).Select(_ => new YetRow(trial, random.Next(Slices), random.Next(365))));
        }

        return new Book
        {
            Id = "mata-2000",
            Currency = "USD",
            Fx = new Dictionary<string, double>(),
            Trials = trials,
            Yet = yet,
            Elts =
            [
                new LossTable("E", "USD", [.. Enumerable.Range(0, Slices).Select(i =>
                    new LossRow(i, MataExample.MeanSeverity((double)i / Slices, (i + 1.0) / Slices)))]),
            ],
            Rollup = [],
            Deals = [new Deal("Mata", "USD", new Dictionary<string, string>(), [.. examples.DistinctBy(LayerName).Select(example => example.Layer with { Id = LayerName(example) })])],
        };
    }

    /// <summary>The layer of <see cref="OfMata"/> that an example prices.</summary>
    public static string LayerName(MataExample example) => example.Layer.Id + (example.Layer.AggregateLimit is null ? "-free" : "");
}
