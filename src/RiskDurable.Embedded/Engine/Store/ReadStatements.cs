using Microsoft.Data.Sqlite;

namespace RiskDurable.Embedded.Engine.Store;

/// <summary>What can be read, over one read-only connection.</summary>
internal sealed class ReadStatements(SqliteConnection connection) : IDisposable
{
    private const string InstanceColumns = "id, instance_id, name, status, execution, created, updated, start_at, parent, parent_execution, parent_task, "
        + "parent_id, parent_name, tags, custom_status, failure, trace";

    private readonly Dictionary<string, Statement> _prepared = [];

    public InstanceRow? Instance(string instanceId, bool data)
    {
        Statement statement = Prepare(SelectInstance(data) + "WHERE instance_id=?1").Bind(1, instanceId);
        return One(statement, row => ReadInstance(row, data));
    }

    public List<InstanceRow> Instances(InstanceFilter filter, bool data)
    {
        Statement statement = Prepare(SelectInstance(data) + $"WHERE {filter.InstanceCondition()} ORDER BY id LIMIT {filter.Limit}").Bind(1, filter.After);
        return All(filter.Prefix is null ? statement : statement.Bind(2, filter.Prefix), row => ReadInstance(row, data));
    }

    /// <summary>Instances that have not ended, oldest first.</summary>
    public List<InstanceRow> LiveInstances() =>
        All(Prepare(SelectInstance(data: true) + "WHERE status IN (0, 6, 7) ORDER BY id"), row => ReadInstance(row, data: true));

    public List<InstanceRow> Children(long parent) =>
        All(Prepare(SelectInstance(data: false) + "WHERE parent=?1 ORDER BY id").Bind(1, parent), row => ReadInstance(row, data: false));

    /// <summary>An instance's steps in order, as they were encoded.</summary>
    public List<byte[]> Steps(long row)
    {
        (long first, long last) = WriteStatements.Steps(row);
        return All(
            Prepare("SELECT step FROM history WHERE id BETWEEN ?1 AND ?2 ORDER BY id").Bind(1, first).Bind(2, last), step => step.Blob(0));
    }

    public List<StoredMessage> Messages() => All(
        Prepare("SELECT id, target, due, body FROM message ORDER BY id"),
        row => new StoredMessage(row.Long(0), row.Text(1)!, row.LongOrNull(2), row.Blob(3)));

    public string? Text(StoredText text) => text.Payload == 0
        ? text.Inline
        : One(Prepare("SELECT text FROM payload WHERE id=?1").Bind(1, text.Payload), row => row.Text(0));

    public EntityRow? Entity(string entityId, bool state) => One(
        Prepare($"SELECT id, entity_id, modified{(state ? ", state" : "")} FROM entity WHERE entity_id=?1").Bind(1, entityId),
        row => new EntityRow(row.Long(0), row.Text(1)!, row.Long(2), state ? row.Text(3) : null));

    public List<EntityRow> Entities(InstanceFilter filter, bool state)
    {
        Statement statement = Prepare(
            $"SELECT id, entity_id, modified{(state ? ", state" : "")} FROM entity WHERE {filter.EntityCondition()} ORDER BY id LIMIT {filter.Limit}")
            .Bind(1, filter.After);
        return All(
            filter.Prefix is null ? statement : statement.Bind(2, filter.Prefix),
            row => new EntityRow(row.Long(0), row.Text(1)!, row.Long(2), state ? row.Text(3) : null));
    }

    public int QueueLength(string queue) => One(Prepare("SELECT count(*) FROM queue_message WHERE queue=?1").Bind(1, queue), row => (int?)row.Int(0)) ?? 0;

    /// <summary>When the first message of a queue is or becomes visible, in ticks; null if the queue is empty.</summary>
    public long? NextVisible(string queue) => One(Prepare("SELECT min(visible) FROM queue_message WHERE queue=?1").Bind(1, queue), row => row.LongOrNull(0));

    public string? Value(string key) => One(Prepare("SELECT value FROM value WHERE key=?1").Bind(1, key), row => row.Text(0));

    /// <summary>The highest numbers given to instances (also to those gone but still named as parents), payloads and messages.</summary>
    public (long Instance, long Payload, long Message) HighestNumbers()
    {
        Statement statement = Prepare(
            "SELECT max(ifnull((SELECT max(id) FROM instance), 0), ifnull((SELECT max(parent) FROM instance), 0)), "
            + "ifnull((SELECT max(id) FROM payload), 0), ifnull((SELECT max(id) FROM message), 0)");
        statement.Step();
        (long, long, long) highest = (statement.Long(0), statement.Long(1), statement.Long(2));
        statement.Reset();
        return highest;
    }

    public void Dispose()
    {
        foreach (Statement statement in _prepared.Values)
        {
            statement.Dispose();
        }

        connection.Dispose();
    }

    private static string SelectInstance(bool data) => $"SELECT {InstanceColumns}{(data ? ", input, output" : "")} FROM instance ";

    private static InstanceRow ReadInstance(Statement row, bool data) => new()
    {
        Row = row.Long(0),
        InstanceId = row.Text(1)!,
        Name = row.Text(2)!,
        Status = row.Int(3),
        Execution = row.Int(4),
        Created = row.Long(5),
        Updated = row.Long(6),
        StartAt = row.LongOrNull(7),
        Parent = row.LongOrNull(8) is { } parent ? new ParentCall(parent, row.Int(9), row.Int(10), row.Text(11)!, row.Text(12)!) : null,
        Tags = row.Text(13),
        CustomStatus = row.Text(14),
        Failure = row.Text(15),
        Trace = row.Text(16),
        Input = data ? row.Stored(17) : default,
        Output = data ? row.Stored(18) : default,
    };

    private static T? One<T>(Statement statement, Func<Statement, T> read)
    {
        try
        {
            return statement.Step() ? read(statement) : default;
        }
        finally
        {
            statement.Reset();
        }
    }

    private static List<T> All<T>(Statement statement, Func<Statement, T> read)
    {
        List<T> rows = [];
        try
        {
            while (statement.Step())
            {
                rows.Add(read(statement));
            }
        }
        finally
        {
            statement.Reset();
        }

        return rows;
    }

    private Statement Prepare(string sql)
    {
        if (!_prepared.TryGetValue(sql, out Statement? statement))
        {
            // Filters make ever new statements; a connection keeps only so many.
            if (_prepared.Count >= 100)
            {
                foreach (Statement old in _prepared.Values)
                {
                    old.Dispose();
                }

                _prepared.Clear();
            }

            _prepared[sql] = statement = new Statement(connection, sql);
        }

        return statement;
    }
}
