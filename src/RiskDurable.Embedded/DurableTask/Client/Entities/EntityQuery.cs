namespace RiskDurable.Embedded.DurableTask.Client.Entities;

/// <summary>Which entities to list. What is null does not matter.</summary>
public record EntityQuery
{
    /// <summary>Most entities a page, if nothing is said.</summary>
    public const int DefaultPageSize = 100;

    private readonly string? _prefix;

    /// <summary>Whose id starts so: <c>name</c>, <c>@name</c> or <c>@name@key-prefix</c>; the name in any case.</summary>
    public string? InstanceIdStartsWith
    {
        get => _prefix;
        init => _prefix = Normalize(value);
    }

    /// <summary>Last modified at this time or later.</summary>
    public DateTimeOffset? LastModifiedFrom { get; init; }

    /// <summary>Last modified at this time or before.</summary>
    public DateTimeOffset? LastModifiedTo { get; init; }

    /// <summary>Whether to read the states too; true by default.</summary>
    public bool IncludeState { get; init; } = true;

    /// <summary>Most entities a page.</summary>
    public int? PageSize { get; init; }

    /// <summary>Where to go on, from an earlier page.</summary>
    public string? ContinuationToken { get; init; }

    private static string? Normalize(string? value)
    {
        if (value is null)
        {
            return null;
        }

        string id = value.StartsWith('@') ? value : "@" + value;
        int key = id.IndexOf('@', 1);
#pragma warning disable CA1308 // Entity names are kept in lower case.
        return key < 0 ? id.ToLowerInvariant() : string.Concat(id[..key].ToLowerInvariant(), id.AsSpan(key));
#pragma warning restore CA1308
    }
}
