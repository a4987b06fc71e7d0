using System.Text.Json;
using System.Text.Json.Serialization;

namespace RiskDurable.Embedded.DurableTask.Entities;

/// <summary>Name and key of an entity.</summary>
[JsonConverter(typeof(AsString))]
public readonly record struct EntityInstanceId
{
    /// <summary>An entity's id.</summary>
    /// <param name="name">Name of the entity function; kept in lower case.</param>
    /// <param name="key">Key of the entity among those of the same name; its case matters.</param>
    /// <exception cref="ArgumentException">The name is empty or has an <c>@</c>.</exception>
    public EntityInstanceId(string name, string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(key);
        if (name.Contains('@', StringComparison.Ordinal))
        {
            throw new ArgumentException("entity names may not contain `@` characters.", nameof(name));
        }

#pragma warning disable CA1308 // The real programming model keeps entity names in lower case.
        Name = name.ToLowerInvariant();
#pragma warning restore CA1308
        Key = key;
    }

    /// <summary>Name of the entity function, in lower case.</summary>
    public string Name { get; }

    /// <summary>Key of the entity.</summary>
    public string Key { get; }

    /// <summary>Reads an id written as <c>@name@key</c>.</summary>
    /// <exception cref="ArgumentException">The text is not such an id.</exception>
    public static EntityInstanceId FromString(string instanceId)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        int at = instanceId[0] == '@' ? instanceId.IndexOf('@', 1) : -1;
        return at > 0
            ? new EntityInstanceId(instanceId[1..at], instanceId[(at + 1)..])
            : throw new ArgumentException($"Instance ID '{instanceId}' is not a valid entity ID.", nameof(instanceId));
    }

    /// <summary>The id as <c>@name@key</c>.</summary>
    public override string ToString() => $"@{Name}@{Key}";

    internal sealed class AsString : JsonConverter<EntityInstanceId>
    {
        public override EntityInstanceId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            FromString(reader.GetString()!);

        public override void Write(Utf8JsonWriter writer, EntityInstanceId value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString());
    }
}
