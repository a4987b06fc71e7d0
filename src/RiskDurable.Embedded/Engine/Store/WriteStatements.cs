using Microsoft.Data.Sqlite;

namespace RiskDurable.Embedded.Engine.Store;

/// <summary>What can be written, as prepared statements. Used on the writer's thread only.</summary>
internal sealed class WriteStatements : IDisposable
{
    private const int StepBits = 24;

    private readonly List<Statement> _all = [];
    private readonly SqliteConnection _connection;
    private readonly Statement _findInstance, _insertInstance, _updateInstance, _endInstance, _renewInstance, _deleteInstance;
    private readonly Statement _insertStep, _deleteSteps, _insertPayload, _deletePayload, _deletePayloads, _insertMessage, _deleteMessage;
    private readonly Statement _saveEntity, _deleteEntity;
    private readonly Statement _putMessage, _visibleMessages, _takeMessage, _hideMessage, _removeMessage, _moveMessage, _setValue, _deleteValue;

    public WriteStatements(SqliteConnection connection)
    {
        _connection = connection;
        _findInstance = Prepare("SELECT id FROM instance WHERE instance_id=?1");
        _insertInstance = Prepare(
            "INSERT INTO instance(id, instance_id, name, status, execution, created, updated, start_at, parent, parent_execution, parent_task, parent_id, "
            + "parent_name, tags, input, trace) VALUES(?1, ?2, ?3, 6, 0, ?4, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)");
        _updateInstance = Prepare("UPDATE instance SET status=?2, updated=?3, custom_status=?4 WHERE id=?1");
        _endInstance = Prepare("UPDATE instance SET status=?2, updated=?3, custom_status=?4, output=?5, failure=?6 WHERE id=?1");
        _renewInstance = Prepare("UPDATE instance SET status=?2, updated=?3, custom_status=?4, input=?5, execution=?6 WHERE id=?1");
        _deleteInstance = Prepare("DELETE FROM instance WHERE id=?1");
        _insertStep = Prepare("INSERT INTO history(id, step) VALUES(?1, ?2)");
        _deleteSteps = Prepare("DELETE FROM history WHERE id BETWEEN ?1 AND ?2");
        _insertPayload = Prepare("INSERT INTO payload(id, owner, text) VALUES(?1, ?2, ?3)");
        _deletePayload = Prepare("DELETE FROM payload WHERE id=?1");
        _deletePayloads = Prepare("DELETE FROM payload WHERE owner=?1");
        _insertMessage = Prepare("INSERT INTO message(id, target, due, body) VALUES(?1, ?2, ?3, ?4)");
        _deleteMessage = Prepare("DELETE FROM message WHERE id=?1");
        _saveEntity = Prepare(
            "INSERT INTO entity(entity_id, modified, state) VALUES(?1, ?2, ?3) ON CONFLICT(entity_id) DO UPDATE SET modified=?2, state=?3");
        _deleteEntity = Prepare("DELETE FROM entity WHERE entity_id=?1");
        _putMessage = Prepare("INSERT INTO queue_message(queue, visible, inserted, dequeued, receipt, body) VALUES(?1, ?2, ?3, 0, 0, ?4)");
        _visibleMessages = Prepare(
            "SELECT id, body, dequeued, inserted, receipt FROM queue_message WHERE queue=?1 AND visible<=?2 ORDER BY visible, id LIMIT ?3");
        _takeMessage = Prepare("UPDATE queue_message SET dequeued=dequeued+1, receipt=?2, visible=?3 WHERE id=?1");
        _hideMessage = Prepare("UPDATE queue_message SET visible=?3 WHERE id=?1 AND receipt=?2");
        _removeMessage = Prepare("DELETE FROM queue_message WHERE id=?1 AND receipt=?2");
        _moveMessage = Prepare(
            "INSERT INTO queue_message(queue, visible, inserted, dequeued, receipt, body) "
            + "SELECT ?3, ?4, ?4, 0, 0, body FROM queue_message WHERE id=?1 AND receipt=?2");
        _setValue = Prepare("INSERT INTO value(key, value) VALUES(?1, ?2) ON CONFLICT(key) DO UPDATE SET value=?2");
        _deleteValue = Prepare("DELETE FROM value WHERE key=?1");
    }

    private int Changes => SQLitePCL.raw.sqlite3_changes(_connection.Handle);

    /// <summary>First and last possible id of an instance's steps.</summary>
    public static (long First, long Last) Steps(long row) => (row << StepBits, ((row + 1) << StepBits) - 1);

    /// <summary>Creates an instance in place of an ended one of the same id.</summary>
    public void Create(NewInstance instance)
    {
        _findInstance.Bind(1, instance.InstanceId);
        long? old = _findInstance.Step() ? _findInstance.Long(0) : null;
        _findInstance.Reset();
        if (old is { } row)
        {
            Purge(row);
        }

        ParentCall? parent = instance.Parent;
        _insertInstance.Bind(1, instance.Row).Bind(2, instance.InstanceId).Bind(3, instance.Name).Bind(4, instance.Created).Bind(5, instance.StartAt)
            .Bind(6, parent?.Row).Bind(7, parent?.Execution).Bind(8, parent?.Task).Bind(9, parent?.InstanceId).Bind(10, parent?.Name)
            .Bind(11, instance.Tags).Bind(12, instance.Input).Bind(13, instance.Trace).Run();
    }

    public void Update(long row, int status, long now, string? customStatus) =>
        _updateInstance.Bind(1, row).Bind(2, status).Bind(3, now).Bind(4, customStatus).Run();

    public void End(long row, int status, long now, string? customStatus, StoredText output, string? failure) =>
        _endInstance.Bind(1, row).Bind(2, status).Bind(3, now).Bind(4, customStatus).Bind(5, output).Bind(6, failure).Run();

    /// <summary>Starts the next round of an instance: its history is gone, its input new.</summary>
    public void Renew(long row, int status, long now, string? customStatus, StoredText input, int execution)
    {
        DeleteSteps(row);
        _renewInstance.Bind(1, row).Bind(2, status).Bind(3, now).Bind(4, customStatus).Bind(5, input).Bind(6, execution).Run();
    }

    public void Purge(long row)
    {
        DeleteSteps(row);
        _deletePayloads.Bind(1, row).Run();
        _deleteInstance.Bind(1, row).Run();
    }

    public void AppendStep(long row, int number, ReadOnlySpan<byte> step) => _insertStep.Bind(1, (row << StepBits) + number).Bind(2, step).Run();

    public void Add(in Payload payload) => _insertPayload.Bind(1, payload.Id).Bind(2, payload.Owner).Bind(3, payload.Text).Run();

    public void DeletePayload(long id) => _deletePayload.Bind(1, id).Run();

    public void Add(StoredMessage message) => _insertMessage.Bind(1, message.Id).Bind(2, message.Target).Bind(3, message.Due).Bind(4, message.Body).Run();

    public void DeleteMessage(long id) => _deleteMessage.Bind(1, id).Run();

    /// <summary>Saves an entity's state; null deletes it.</summary>
    public void SaveEntity(string entityId, long now, string? state)
    {
        if (state is null)
        {
            _deleteEntity.Bind(1, entityId).Run();
        }
        else
        {
            _saveEntity.Bind(1, entityId).Bind(2, now).Bind(3, state).Run();
        }
    }

    public bool DeleteEntity(string entityId)
    {
        _deleteEntity.Bind(1, entityId).Run();
        return Changes > 0;
    }

    public void PutQueueMessage(string queue, string body, long now, long visible) =>
        _putMessage.Bind(1, queue).Bind(2, visible).Bind(3, now).Bind(4, body).Run();

    public IReadOnlyList<QueueMessage> TakeQueueMessages(string queue, int max, long now, long hiddenUntil)
    {
        List<QueueMessage> taken = [];
        _visibleMessages.Bind(1, queue).Bind(2, now).Bind(3, max);
        while (_visibleMessages.Step())
        {
            taken.Add(new QueueMessage(
                _visibleMessages.Long(0), _visibleMessages.Text(1)!, _visibleMessages.Int(2) + 1,
                new DateTimeOffset(_visibleMessages.Long(3), TimeSpan.Zero), _visibleMessages.Long(4) + 1));
        }

        foreach (QueueMessage message in taken)
        {
            _takeMessage.Bind(1, message.Id).Bind(2, message.PopReceipt).Bind(3, hiddenUntil).Run();
        }

        return taken;
    }

    public bool HideQueueMessage(QueueMessage message, long until)
    {
        _hideMessage.Bind(1, message.Id).Bind(2, message.PopReceipt).Bind(3, until).Run();
        return Changes > 0;
    }

    public bool DeleteQueueMessage(QueueMessage message)
    {
        _removeMessage.Bind(1, message.Id).Bind(2, message.PopReceipt).Run();
        return Changes > 0;
    }

    public bool MoveQueueMessage(QueueMessage message, string target, long now)
    {
        _moveMessage.Bind(1, message.Id).Bind(2, message.PopReceipt).Bind(3, target).Bind(4, now).Run();
        return DeleteQueueMessage(message);
    }

    public void SetValue(string key, string? value)
    {
        if (value is null)
        {
            _deleteValue.Bind(1, key).Run();
        }
        else
        {
            _setValue.Bind(1, key).Bind(2, value).Run();
        }
    }

    public void Dispose() => _all.ForEach(statement => statement.Dispose());

    private void DeleteSteps(long row)
    {
        (long first, long last) = Steps(row);
        _deleteSteps.Bind(1, first).Bind(2, last).Run();
    }

    private Statement Prepare(string sql)
    {
        Statement statement = new(_connection, sql);
        _all.Add(statement);
        return statement;
    }
}
