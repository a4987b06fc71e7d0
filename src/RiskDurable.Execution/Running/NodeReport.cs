using System.Text.Json;
using System.Text.Json.Serialization;
using RiskDurable.Execution.Planning;
using RiskDurable.Execution.Storage;
using RiskDurable.Kernel.Metrics;

namespace RiskDurable.Execution.Running;

/// <summary>A node's results. Amounts in reporting currency.</summary>
/// <param name="Node">Its path.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Name">A deal's name for people; else null.</param>
/// <param name="Metrics">Moments, curves with their intervals, and a layer's measures.</param>
/// <param name="Contributions">What it contributes to its parent's AEP TVaR; empty for the whole portfolio.</param>
public sealed record NodeReport(string Node, NodeKind Kind, string? Name, NodeMetrics Metrics, IReadOnlyList<TvarContribution> Contributions);

/// <summary>A node's contribution to its parent's AEP TVaR (co-TVaR); those of all children add up to it.</summary>
/// <param name="ReturnPeriod">Years.</param>
/// <param name="Amount">Reporting currency; negative for what reduces the parent's tail.</param>
public readonly record struct TvarContribution(double ReturnPeriod, double Amount);

/// <summary>JSON of a report job's output.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(List<NodeReport>))]
internal sealed partial class ReportJson : JsonSerializerContext
{
    public static byte[] Pack(List<NodeReport> reports)
    {
        using var writer = new SectionWriter(1);
        writer.Add(JsonSerializer.SerializeToUtf8Bytes(reports, Default.ListNodeReport));
        return writer.ToArray();
    }

    public static async ValueTask<IReadOnlyList<NodeReport>> ReadAsync(IObjectStore store, ObjectKey key, CancellationToken cancellationToken)
    {
        using SectionReader reader = await SectionReader.ReadAsync(store, key, cancellationToken).ConfigureAwait(false);
        try
        {
            return JsonSerializer.Deserialize(reader.Bytes(0), Default.ListNodeReport) ?? throw new UnreadableObjectException(key, "it is empty");
        }
        catch (JsonException exception)
        {
            throw new UnreadableObjectException(key, exception.Message, exception);
        }
    }
}
