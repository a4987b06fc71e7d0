using System.Globalization;
using System.Text;

namespace RiskDurable.Embedded.Engine.Store;

/// <summary>Which rows to list; what is null does not matter. Times are ticks (UTC).</summary>
internal sealed record InstanceFilter
{
    public long? From { get; init; }

    public long? To { get; init; }

    public IReadOnlyList<int>? Statuses { get; init; }

    public string? Prefix { get; init; }

    /// <summary>Only rows after this one.</summary>
    public long After { get; init; }

    public int Limit { get; init; } = 100;

    public string InstanceCondition()
    {
        StringBuilder sql = new("id>?1");
        Add(sql, From, "created>=");
        Add(sql, To, "created<=");
        if (Statuses is not null)
        {
            sql.Append(" AND status IN (").AppendJoin(',', Statuses).Append(')');
        }

        return Finish(sql, "instance_id");
    }

    public string EntityCondition()
    {
        StringBuilder sql = new("id>?1");
        Add(sql, From, "modified>=");
        Add(sql, To, "modified<=");
        return Finish(sql, "entity_id");
    }

    // substr compares as written; LIKE would ignore case and know wildcards.
    private string Finish(StringBuilder sql, string column) => Prefix is null
        ? sql.ToString()
        : sql.Append(CultureInfo.InvariantCulture, $" AND substr({column}, 1, length(?2))=?2").ToString();

    private static void Add(StringBuilder sql, long? value, string comparison)
    {
        if (value is { } number)
        {
            sql.Append(" AND ").Append(comparison).Append(number);
        }
    }
}
