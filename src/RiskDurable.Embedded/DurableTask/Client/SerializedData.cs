using RiskDurable.Embedded.DurableTask.Converters;

namespace RiskDurable.Embedded.DurableTask.Client;

/// <summary>A value as text, to be read later.</summary>
public sealed class SerializedData
{
    /// <summary>Wraps a serialized value.</summary>
    /// <param name="data">The text.</param>
    /// <param name="converter">Reads it; the JSON converter if null.</param>
    public SerializedData(string data, DataConverter? converter = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        Value = data;
        Converter = converter ?? JsonDataConverter.Default;
    }

    /// <summary>The text.</summary>
    public string Value { get; }

    /// <summary>Reads the text.</summary>
    public DataConverter Converter { get; }

    /// <summary>The value.</summary>
    /// <typeparam name="T">Type to read it as.</typeparam>
    public T ReadAs<T>() => Converter.Deserialize<T>(Value);
}
