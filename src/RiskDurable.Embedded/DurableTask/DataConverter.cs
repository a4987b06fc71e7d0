using System.Diagnostics.CodeAnalysis;

namespace RiskDurable.Embedded.DurableTask;

/// <summary>Turns inputs, outputs and states into text and back.</summary>
public abstract class DataConverter
{
    /// <summary>A value as text; null stays null.</summary>
    [return: NotNullIfNotNull(nameof(value))]
    public abstract string? Serialize(object? value);

    /// <summary>Text as a value of a type; null stays null.</summary>
    [return: NotNullIfNotNull(nameof(data))]
    public abstract object? Deserialize(string? data, Type targetType);

    /// <summary>Text as a value of a type; null gives the type's default.</summary>
    [return: NotNullIfNotNull(nameof(data))]
    public virtual T? Deserialize<T>(string? data) => Deserialize(data, typeof(T)) is { } value ? (T)value : default;
}
