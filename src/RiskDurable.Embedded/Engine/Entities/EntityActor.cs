using Microsoft.Extensions.Logging;
using RiskDurable.Embedded.DurableTask;
using RiskDurable.Embedded.DurableTask.Entities;
using RiskDurable.Embedded.Engine.Orchestrations;
using RiskDurable.Embedded.Engine.Store;
using RiskDurable.Embedded.Worker;

namespace RiskDurable.Embedded.Engine.Entities;

/// <summary>An entity with operations waiting or just done: runs them in the order of their arrival, one batch after the other.</summary>
internal sealed class EntityActor(EngineRuntime engine, string id) : IStep
{
    private const int MostOperationsABatch = 500;

    private readonly EntityInstanceId _id = EntityInstanceId.FromString(id);
    private readonly Lock _lock = new();
    private readonly Queue<EntityRequest> _inbox = [];
    private string? _state;
    private bool _loaded;
    private bool _busy;
    private bool _gone;

    public string Id => id;

    public int Waiting
    {
        get
        {
            lock (_lock)
            {
                return _inbox.Count;
            }
        }
    }

    /// <summary>Takes a request; false if the actor has left memory and another must take its place.</summary>
    public bool TryPost(EntityRequest request)
    {
        lock (_lock)
        {
            if (_gone)
            {
                return false;
            }

            _inbox.Enqueue(request);
            if (_busy)
            {
                return true;
            }

            _busy = true;
        }

        engine.EntitySteps.Add(this);
        return true;
    }

    public async ValueTask RunAsync()
    {
        try
        {
            await RunBatchAsync().ConfigureAwait(false);
        }
        catch (ObjectDisposedException) when (engine.Stopping.IsCancellationRequested)
        {
            // The host has stopped without waiting: the batch runs again after the next start.
        }
        catch (Exception cause)
        {
            engine.Fault(cause);
        }
    }

    public void Committed(EntityWrite write)
    {
        write.Messages.ForEach(engine.Deliver);
        write.Started.ForEach(start => start.Actor.Start());
        lock (_lock)
        {
            if (_inbox.Count == 0)
            {
                // Idle entities leave memory; what is read again for the next operation is one row.
                (_busy, _gone) = (false, true);
                engine.Entities.TryRemove(new KeyValuePair<string, EntityActor>(id, this));
                return;
            }
        }

        engine.EntitySteps.Add(this);
    }

    private async Task RunBatchAsync()
    {
        if (!_loaded)
        {
            _state = engine.State.Reader.Read(read => read.Entity(id, state: true))?.State;
            _loaded = true;
        }

        EntityRequest[] requests;
        lock (_lock)
        {
            requests = [.. _inbox.Take(MostOperationsABatch)];
        }

        OperationBatch batch = new(_id, _state, requests, engine.Converter, engine.Log, engine.Stopping);
        await FillAsync(batch, requests.Length).ConfigureAwait(false);
        int done = batch.Results.Count;
        if (done == 0)
        {
            // The host stops: what has not run stays stored for the next start.
            return;
        }

        lock (_lock)
        {
            for (int i = 0; i < done; i++)
            {
                _inbox.Dequeue();
            }
        }

        bool saves = batch.State is not null || _state is not null;
        EntityWrite write = new(this, engine.Now, _state = batch.State, saves);
        for (int i = 0; i < done; i++)
        {
            write.Consumed.Add(requests[i].MessageId);
            if (requests[i].Caller is { } caller)
            {
                write.Messages.Add(Answer(caller, batch.Results[i]));
            }
        }

        foreach (EntityEffect effect in batch.Effects)
        {
            Carry(effect, write);
        }

        engine.State.Writer.Submit(write);
    }

    /// <summary>Runs the entity function. Operations it did not get to have failed, unless the host stops.</summary>
    private async Task FillAsync(OperationBatch batch, int count)
    {
        TaskFailureDetails failure;
        try
        {
            if (engine.Functions.HasEntity(_id.Name))
            {
                await engine.Functions.RunEntityAsync(_id.Name, new TaskEntityDispatcher(batch), engine.Stopping).ConfigureAwait(false);
                failure = new TaskFailureDetails(
                    typeof(InvalidOperationException).FullName!, $"The entity function '{_id.Name}' returned without dispatching its operations.", null, null, null);
            }
            else
            {
                failure = FailureText.MissingFunction(_id.Name, "entity");
            }
        }
        catch (Exception cause)
        {
            failure = TaskFailureDetails.FromException(cause);
        }

        if (batch.Results.Count < count && !engine.Stopping.IsCancellationRequested)
        {
            engine.Log.LogError("{Count} operations of entity '{Entity}' failed: {Reason}", count - batch.Results.Count, id, failure.ErrorMessage);
            while (batch.Results.Count < count)
            {
                batch.Results.Add(new OperationResult(null, failure));
            }
        }
    }

    private OutgoingMessage Answer(EntityCaller caller, OperationResult result)
    {
        OrchestrationEvent answer = new()
        {
            Kind = result.Failure is null ? EventKind.EntityCompleted : EventKind.EntityFailed,
            TaskId = caller.TaskId,
            Row = caller.Row,
            Execution = caller.Execution,
            Text = new StoredText(result.Output, 0),
            Failure = result.Failure,
        };
        return OutgoingMessage.To(caller.InstanceId, answer, engine.Numbers.NextMessage());
    }

    private void Carry(EntityEffect effect, EntityWrite write)
    {
        switch (effect)
        {
            case SignalEffect signal:
                write.Messages.Add(OutgoingMessage.To(
                    signal.EntityId, new EntityRequest(signal.Operation, signal.Input, null, engine.Numbers.NextMessage()), signal.Due));
                break;
            case StartEffect start:
                NewInstance instance = engine.Describe(start.Name, start.InstanceId, start.Input, start.Options, write.Payloads);
                OrchestrationActor actor = new(engine, instance);
                if (engine.Orchestrations.TryAdd(start.InstanceId, actor))
                {
                    write.Started.Add((instance, actor));
                }
                else
                {
                    engine.Log.LogWarning("Entity '{Entity}' did not start orchestration '{InstanceId}': it is already running.", id, start.InstanceId);
                }

                break;
        }
    }
}
