using System.Text.Json;
using System.Text.Json.Serialization;

namespace RiskDurable.Execution.Results;

/// <summary>JSON of the result files.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    WriteIndented = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RollupReport))]
[JsonSerializable(typeof(RunRecord))]
public sealed partial class ResultJson : JsonSerializerContext;

/// <summary>Names of the files of a results folder.</summary>
public static class ResultFiles
{
    /// <summary>Run, digests of inputs, versions, metrics of nodes.</summary>
    public const string Report = "report.json";

    /// <summary>Exceedance curves.</summary>
    public const string Ept = "ept.csv";

    /// <summary>Year loss table.</summary>
    public const string YltParquet = "ylt.parquet";

    /// <summary>Year loss table as CSV.</summary>
    public const string YltCsv = "ylt.csv";

    /// <summary>What the run had to do and did.</summary>
    public const string Plan = "plan.json";

    /// <summary>Reads the <c>report.json</c> of a results folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    /// <exception cref="InvalidDataException">It is not a report that this version reads.</exception>
    public static RollupReport ReadReport(string folder)
    {
        string path = Path.Combine(folder, Report);
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"'{folder}' holds no {Report}: name a folder that 'risk rollup --out' wrote.", path);
        }

        try
        {
            using FileStream file = File.OpenRead(path);
            RollupReport? report = JsonSerializer.Deserialize(file, ResultJson.Default.RollupReport);
            return report?.Schema == RollupReport.CurrentSchema
                ? report
                : throw new InvalidDataException($"{path}: schema '{report?.Schema}'; '{RollupReport.CurrentSchema}' was expected. Run the rollup again.");
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"{path}: {exception.Message} Run the rollup again.", exception);
        }
    }
}
