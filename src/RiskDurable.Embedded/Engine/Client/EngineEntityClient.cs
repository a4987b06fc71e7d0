using RiskDurable.Embedded.DurableTask;
using RiskDurable.Embedded.DurableTask.Client;
using RiskDurable.Embedded.DurableTask.Client.Entities;
using RiskDurable.Embedded.DurableTask.Entities;
using RiskDurable.Embedded.Engine.Entities;
using RiskDurable.Embedded.Engine.Store;

namespace RiskDurable.Embedded.Engine.Client;

/// <summary>The entity client of an engine in the same process.</summary>
internal sealed class EngineEntityClient(DurableEngine engine, string name) : DurableEntityClient(name)
{
    private EngineRuntime Runtime => engine.Runtime;

    public override Task SignalEntityAsync(
        EntityInstanceId id, string operationName, object? input = null, SignalEntityOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(operationName);
        Refuse(id);
        EntityRequest request = new(operationName, Runtime.Converter.Serialize(input), null, Runtime.Numbers.NextMessage());
        OutgoingMessage message = OutgoingMessage.To(id.ToString(), request, options?.SignalTime?.UtcTicks ?? 0);
        return Runtime.State.Writer.WriteAsync(
            statements => statements.Add(message.Stored),
            () => Runtime.Deliver(message),
            cancellation);
    }

    public override Task<EntityMetadata?> GetEntityAsync(EntityInstanceId id, bool includeState = true, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        return Task.FromResult(Find(id, includeState) is { } row ? Untyped(row) : null);
    }

    public override Task<EntityMetadata<T>?> GetEntityAsync<T>(EntityInstanceId id, bool includeState = true, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        return Task.FromResult(Find(id, includeState) is { } row ? Typed<T>(row) : null);
    }

    public override AsyncPageable<EntityMetadata> GetAllEntitiesAsync(EntityQuery? filter = null) => Pages(filter, Untyped);

    public override AsyncPageable<EntityMetadata<T>> GetAllEntitiesAsync<T>(EntityQuery? filter = null) => Pages(filter, Typed<T>);

    /// <summary>Deletes an entity's state, unless operations wait or run. False if there was nothing to delete.</summary>
    public async Task<bool> DeleteAsync(string entityId, CancellationToken cancellation) => !Runtime.Entities.ContainsKey(entityId)
        && await Runtime.State.Writer.WriteAsync(statements => statements.DeleteEntity(entityId), committed: null, cancellation).ConfigureAwait(false);

    private static void Refuse(EntityInstanceId id)
    {
        if (id == default)
        {
            throw new ArgumentException("The entity's id must not be the default value.", nameof(id));
        }
    }

    private EntityRow? Find(EntityInstanceId id, bool state)
    {
        Refuse(id);
        return Runtime.State.Reader.Read(read => read.Entity(id.ToString(), state));
    }

    private AsyncPageable<T> Pages<T>(EntityQuery? filter, Func<EntityRow, T> convert)
        where T : notnull
    {
        EntityQuery query = filter ?? new EntityQuery();
        return Pageable.Create((token, size, cancellation) =>
        {
            cancellation.ThrowIfCancellationRequested();
            InstanceFilter rows = new()
            {
                From = query.LastModifiedFrom?.UtcTicks,
                To = query.LastModifiedTo?.UtcTicks,
                Prefix = query.InstanceIdStartsWith,
                After = InstanceMetadata.After(token ?? query.ContinuationToken),
                Limit = Math.Max(1, size ?? query.PageSize ?? EntityQuery.DefaultPageSize),
            };
            List<EntityRow> found = Runtime.State.Reader.Read(read => read.Entities(rows, query.IncludeState));
            return Task.FromResult(new Page<T>([.. found.Select(convert)], found.Count < rows.Limit ? null : InstanceMetadata.Token(found[^1].Row)));
        });
    }

    private EntityMetadata Untyped(EntityRow row) => new(EntityInstanceId.FromString(row.EntityId), row.State is null ? null : new SerializedData(row.State, Runtime.Converter))
    {
        LastModifiedTime = new DateTimeOffset(row.Modified, TimeSpan.Zero),
        BacklogQueueSize = Backlog(row),
    };

    private EntityMetadata<T> Typed<T>(EntityRow row)
    {
        EntityInstanceId id = EntityInstanceId.FromString(row.EntityId);
        DateTimeOffset modified = new(row.Modified, TimeSpan.Zero);
        return row.State is null
            ? new EntityMetadata<T>(id) { LastModifiedTime = modified, BacklogQueueSize = Backlog(row) }
            : new EntityMetadata<T>(id, Runtime.Converter.Deserialize<T>(row.State)) { LastModifiedTime = modified, BacklogQueueSize = Backlog(row) };
    }

    private int Backlog(EntityRow row) => Runtime.Entities.TryGetValue(row.EntityId, out EntityActor? actor) ? actor.Waiting : 0;
}
