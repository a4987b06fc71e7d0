using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace RiskDurable.Embedded.DurableTask.Converters;

/// <summary>Inputs, outputs and states as JSON.</summary>
public class JsonDataConverter : DataConverter
{
    // Fields are included and names matched without regard to case, as the isolated worker's own converter does.
    private static readonly JsonSerializerOptions DefaultOptions = new() { IncludeFields = true, PropertyNameCaseInsensitive = true };

    private readonly JsonSerializerOptions _options;

    /// <summary>A converter with the given options.</summary>
    /// <param name="options">How JSON is written and read; fields included and names as declared if null.</param>
    public JsonDataConverter(JsonSerializerOptions? options = null) => _options = options ?? DefaultOptions;

    /// <summary>The converter with default options.</summary>
    public static JsonDataConverter Default { get; } = new();

    /// <inheritdoc/>
    [return: NotNullIfNotNull(nameof(value))]
    public override string? Serialize(object? value) => value is null ? null : JsonSerializer.Serialize(value, _options);

    /// <inheritdoc/>
    [return: NotNullIfNotNull(nameof(data))]
    public override object? Deserialize(string? data, Type targetType) => data is null ? null : JsonSerializer.Deserialize(data, targetType, _options)!;
}
