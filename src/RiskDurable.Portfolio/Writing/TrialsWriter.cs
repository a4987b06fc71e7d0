using RiskDurable.Portfolio.Results;

namespace RiskDurable.Portfolio.Writing;

/// <summary>Writes the weights of trials as CSV.</summary>
public static class TrialsWriter
{
    /// <summary>Writes the table.</summary>
    /// <param name="path">The file.</param>
    /// <param name="weights">The weights by trial.</param>
    public static void Write(string path, ReadOnlySpan<double> weights)
    {
        using var file = new ReplacedFile(path);
        var output = new CsvOutput(file.Stream);
        output.WriteRaw("trial,weight\n"u8);
        for (int trial = 0; trial < weights.Length; trial++)
        {
            output.Write(trial + 1);
            output.Comma();
            output.Write(weights[trial]);
            output.EndLine();
        }

        output.Flush();
        file.Complete();
    }
}
