using RiskDurable.Embedded.Worker;

namespace RiskDurable.Embedded.Tests.Surface;

/// <summary>What <c>FunctionParameter</c> is not. Each member is right but for one thing.</summary>
public class WronglyMirrored
{
    /// <summary>The second parameter is called <c>type</c>.</summary>
    public WronglyMirrored(string name, Type kind) => (Name, Type) = (name, kind);

    public WronglyMirrored(string name, Type type, bool hasDefaultValue, object? defaultValue)
        : this(name, type) => (HasDefaultValue, DefaultValue) = (hasDefaultValue, defaultValue ?? "");

    public string Name { get; }

    /// <summary>Is not nullable.</summary>
    public Type? Type { get; }

    /// <summary>Has no setter.</summary>
    public bool HasDefaultValue { get; set; }

    /// <summary>Is nullable.</summary>
    public object DefaultValue { get; } = "";

    /// <summary>Its values are not nullable.</summary>
    public IReadOnlyDictionary<string, object?> Properties { get; } = new Dictionary<string, object?>();

    /// <summary>Is not there at all.</summary>
    public FunctionContext? Context { get; }
}
