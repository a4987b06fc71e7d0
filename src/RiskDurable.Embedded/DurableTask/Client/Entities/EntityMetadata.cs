using System.Diagnostics.CodeAnalysis;
using RiskDurable.Embedded.DurableTask.Entities;

namespace RiskDurable.Embedded.DurableTask.Client.Entities;

/// <summary>What is known of an entity.</summary>
/// <typeparam name="TState">Type of the state.</typeparam>
public class EntityMetadata<TState>
{
    private readonly TState? _state;

    /// <summary>Metadata without state.</summary>
    public EntityMetadata(EntityInstanceId id) => Id = id;

    /// <summary>Metadata with state; without if it is null.</summary>
    public EntityMetadata(EntityInstanceId id, TState? state)
    {
        Id = id;
        IncludesState = state is not null;
        _state = state;
    }

    /// <summary>The entity's id.</summary>
    public EntityInstanceId Id { get; }

    /// <summary>When it last ran operations (UTC).</summary>
    public DateTimeOffset LastModifiedTime { get; init; }

    /// <summary>Number of operations waiting.</summary>
    public int BacklogQueueSize { get; init; }

    /// <summary>Whether the state was asked for and there is one.</summary>
    [MemberNotNullWhen(true, nameof(State), nameof(_state))]
    public bool IncludesState { get; }

    /// <summary>The state.</summary>
    /// <exception cref="InvalidOperationException"><see cref="IncludesState"/> is false.</exception>
    public TState State => IncludesState ? _state : throw new InvalidOperationException($"Cannot retrieve state when {nameof(IncludesState)}=false");
}

/// <summary>What is known of an entity, with its state as text.</summary>
public sealed class EntityMetadata : EntityMetadata<SerializedData>
{
    /// <summary>Metadata with state; without if it is null.</summary>
    public EntityMetadata(EntityInstanceId id, SerializedData? state = null)
        : base(id, state)
    {
    }
}
