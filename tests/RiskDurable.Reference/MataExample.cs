namespace RiskDurable.Reference;

/// <summary>A published price of Mata (2000): Poisson(10) losses a year of Lomax severity, an occurrence layer with K reinstatements.</summary>
/// <param name="Name">Table, layer and transform.</param>
/// <param name="Layer">Terms; its subject is the ELT <c>E</c>.</param>
/// <param name="P">Exponent 1/P of the proportional hazards transform; 1 is the plain expectation.</param>
/// <param name="Value">As published.</param>
public sealed record MataExample(string Name, Layer Layer, double P, double Value)
{
    public const double Frequency = 10;

    /// <summary>What the discretisation behind the published values is allowed, relative.</summary>
    private const double Discretisation = 0.001;

    private const double Shape = 3;
    private const double Scale = 10;

    public static IReadOnlyList<MataExample> ReadAll() =>
        [.. Vectors.Records("mata2000", "mata2000_pure_and_ph.csv").Select(row => new MataExample(
            $"{row["table"]} {row["layer"]} agg {row["agg_limit"]} p {row["p"]}",
            new Layer
            {
                Id = row["layer"],
                Subject = [SubjectTerm.OfElt("E")],
                OccurrenceLimit = Vectors.Number(row["limit"]),
                OccurrenceRetention = Vectors.Number(row["excess"]),
                AggregateLimit = row["agg_limit"] == "unlimited" ? null : Vectors.Number(row["agg_limit"]),
            },
            Vectors.Number(row["p"]),
            Vectors.Number(row["published_value"])))];

    /// <summary>The severity at probability <paramref name="u"/> in [0, 1).</summary>
    public static double Severity(double u) => Scale * (Math.Pow(1 - u, -1 / Shape) - 1);

    /// <summary>The mean severity between two probabilities, so that a table of slices has the distribution's mean.</summary>
    public static double MeanSeverity(double from, double to)
    {
        const double Power = 1 - (1 / Shape);
        double integral = Scale * (Math.Pow(1 - from, Power) - Math.Pow(1 - to, Power)) / Power;
        return (integral / (to - from)) - Scale;
    }

    /// <summary>The number of losses in a year; Knuth's multiplication of uniforms.</summary>
    public static int LossesOfYear(Random random)
    {
        double limit = Math.Exp(-Frequency);
        double product = random.NextDouble();
        int count = 0;
        while (product > limit)
        {
            product *= random.NextDouble();
            count++;
        }

        return count;
    }

    /// <summary>The integral of S(x)^(1/P) over simulated years, and its standard error by the influence of each year.</summary>
    public (double Value, double StandardError) Price(IReadOnlyList<double> years)
    {
        double[] sorted = [.. years.Order()];
        int n = sorted.Length;
        double value = 0;
        double below = 0;
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < n; i++)
        {
            double step = sorted[i] - (i == 0 ? 0 : sorted[i - 1]);
            double survival = (double)(n - i) / n;
            value += step * Math.Pow(survival, 1 / P);
            below += step * Math.Pow(survival, (1 / P) - 1) / P;
            sum += below;
            squares += below * below;
        }

        double variance = (squares / n) - (sum / n * (sum / n));
        return (value, Math.Sqrt(variance / n));
    }

    /// <summary>0.1 % and four standard errors.</summary>
    public double Allowance(double standardError) => (Discretisation * Value) + (4 * standardError);
}
