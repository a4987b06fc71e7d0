using System.Diagnostics;
using RiskDurable.Embedded.DurableTask;
using RiskDurable.Embedded.DurableTask.Client;
using RiskDurable.Embedded.DurableTask.Client.Entities;
using RiskDurable.Embedded.Engine.Orchestrations;
using RiskDurable.Embedded.Engine.Store;
using RiskDurable.Embedded.Engine.Tracing;

namespace RiskDurable.Embedded.Engine.Client;

/// <summary>The client of an engine in the same process.</summary>
internal sealed class EngineClient(DurableEngine engine, string name) : DurableTaskClient(name)
{
    private readonly EngineEntityClient _entities = new(engine, name);

    /// <summary>Root of the management API; null while nobody listens.</summary>
    public string? ManagementBaseUrl => engine.ManagementBaseUrl;

    public override DurableEntityClient Entities => _entities;

    private EngineRuntime Runtime => engine.Runtime;

    public override Task<string> ScheduleNewOrchestrationInstanceAsync(
        TaskName orchestratorName, object? input = null, StartOrchestrationOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(orchestratorName.Name, nameof(orchestratorName));
        return StartAsync(orchestratorName.Name, Runtime.Converter.Serialize(input), options, cancellation);
    }

    public override async Task RaiseEventAsync(string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        StoredText payload = new(Runtime.Converter.Serialize(eventPayload), 0);
        OrchestrationEvent item = new() { Kind = EventKind.EventRaised, Name = eventName, Text = payload };
        await SendAsync(instanceId, item, $"raise event {eventName} for", cancellation).ConfigureAwait(false);
    }

    public override async Task TerminateInstanceAsync(string instanceId, TerminateInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        StoredText output = new(Runtime.Converter.Serialize(options?.Output), 0);
        OrchestrationEvent item = new() { Kind = EventKind.Terminated, Text = output };
        List<InstanceRow> children = options?.Recursive == true ? Descendants(instanceId) : [];
        await SendAsync(instanceId, item, "terminate", cancellation).ConfigureAwait(false);
        foreach (InstanceRow child in children.Where(child => Runtime.Orchestrations.ContainsKey(child.InstanceId)))
        {
            await PostAsync(child.InstanceId, item, cancellation).ConfigureAwait(false);
        }
    }

    public override Task SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        SendAsync(instanceId, new OrchestrationEvent { Kind = EventKind.Suspended, Text = new StoredText(reason, 0) }, "suspend", cancellation);

    public override Task ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        SendAsync(instanceId, new OrchestrationEvent { Kind = EventKind.Resumed, Text = new StoredText(reason, 0) }, "resume", cancellation);

    public override Task<OrchestrationMetadata> WaitForInstanceStartAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        WaitForAsync(instanceId, found => found.RuntimeStatus != OrchestrationRuntimeStatus.Pending, getInputsAndOutputs, cancellation);

    public override Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        WaitForAsync(instanceId, found => found.IsCompleted, getInputsAndOutputs, cancellation);

    public override Task<OrchestrationMetadata?> GetInstancesAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        return Task.FromResult(Find(instanceId, getInputsAndOutputs));
    }

    public override AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null)
    {
        OrchestrationQuery query = filter ?? new OrchestrationQuery();
        return Pageable.Create((token, size, cancellation) =>
        {
            cancellation.ThrowIfCancellationRequested();
            if (query.TaskHubNames is { } hubs && !hubs.Contains(Name, StringComparer.OrdinalIgnoreCase))
            {
                return Task.FromResult(new Page<OrchestrationMetadata>([]));
            }

            InstanceFilter rows = InstanceMetadata.Filter(query, token, size);
            return Task.FromResult(Runtime.State.Reader.Read(read =>
            {
                List<InstanceRow> found = read.Instances(rows, query.FetchInputsAndOutputs);
                DataConverter? converter = query.FetchInputsAndOutputs ? Runtime.Converter : null;
                return new Page<OrchestrationMetadata>(
                    [.. found.Select(row => InstanceMetadata.From(row, converter, read))],
                    found.Count < rows.Limit ? null : InstanceMetadata.Token(found[^1].Row));
            }));
        });
    }

    public override async Task<PurgeResult> PurgeInstanceAsync(
        string instanceId, PurgeInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        if (InstanceIds.IsEntity(instanceId))
        {
            return new PurgeResult(await _entities.DeleteAsync(instanceId, cancellation).ConfigureAwait(false) ? 1 : 0, isComplete: true);
        }

        if (Runtime.State.Reader.Read(read => read.Instance(instanceId, data: false)) is not { } row || !InstanceMetadata.HasEnded(row.Status))
        {
            return new PurgeResult(0, isComplete: true);
        }

        List<InstanceRow> rows = options?.Recursive == true ? Descendants(instanceId) : [];
        return new PurgeResult(await PurgeAsync([row, .. rows.Where(child => InstanceMetadata.HasEnded(child.Status))], cancellation).ConfigureAwait(false), isComplete: true);
    }

    public override async Task<PurgeResult> PurgeAllInstancesAsync(
        PurgeInstancesFilter filter, PurgeInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        InstanceFilter ended = InstanceMetadata.Filter(filter);
        int purged = 0;
        while (Runtime.State.Reader.Read(read => read.Instances(ended, data: false)) is { Count: > 0 } rows)
        {
            ended = ended with { After = rows[^1].Row };
            List<InstanceRow> children = options?.Recursive == true ? [.. rows.SelectMany(row => Descendants(row.InstanceId))] : [];
            purged += await PurgeAsync([.. rows.Concat(children.Where(child => InstanceMetadata.HasEnded(child.Status))).DistinctBy(row => row.Row)], cancellation)
                .ConfigureAwait(false);
        }

        return new PurgeResult(purged, isComplete: true);
    }

    public override Task<string> RestartAsync(string instanceId, bool restartWithNewInstanceId = false, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        InstanceRow row = Runtime.State.Reader.Read(read => read.Instance(instanceId, data: true))
            ?? throw new ArgumentException($"An orchestration with the instanceId {instanceId} was not found.", nameof(instanceId));
        StartOrchestrationOptions options = new(restartWithNewInstanceId ? null : instanceId) { Tags = InstanceMetadata.Tags(row) };
        return StartAsync(row.Name, Runtime.Text(row.Input), options, cancellation);
    }

    public override ValueTask DisposeAsync() => default;

    private async Task<string> StartAsync(string orchestrator, string? input, StartOrchestrationOptions? options, CancellationToken cancellation)
    {
        EngineRuntime runtime = Runtime;
        cancellation.ThrowIfCancellationRequested();
        string instanceId = options?.InstanceId ?? Guid.NewGuid().ToString("N");
        InstanceIds.RefuseEntity(instanceId, nameof(options));
        if (!runtime.Functions.HasOrchestrator(orchestrator))
        {
            throw new ArgumentException(FailureText.MissingFunction(orchestrator, "orchestrator").ErrorMessage, nameof(orchestrator));
        }

        List<Payload> payloads = [];
        using Activity? creation = EngineSpans.StartCreation(orchestrator, instanceId);
        NewInstance instance = runtime.Describe(orchestrator, instanceId, input, options, payloads) with { Trace = StoredTrace.Below(creation)?.Encode() };
        OrchestrationActor actor = new(runtime, instance);
        if (!runtime.Orchestrations.TryAdd(instanceId, actor))
        {
            throw new InvalidOperationException($"An Orchestration instance with the ID {instanceId} already exists.");
        }

        await runtime.State.Writer.WriteAsync(
            statements =>
            {
                statements.Create(instance);
                payloads.ForEach(payload => statements.Add(payload));
            },
            actor.Start,
            cancellation).ConfigureAwait(false);
        return instanceId;
    }

    /// <exception cref="ArgumentException">There is no such instance.</exception>
    /// <exception cref="InvalidOperationException">It has ended.</exception>
    private Task SendAsync(string instanceId, OrchestrationEvent item, string what, CancellationToken cancellation)
    {
        InstanceIds.RefuseEntity(instanceId, nameof(instanceId));
        if (Runtime.Orchestrations.ContainsKey(instanceId))
        {
            return PostAsync(instanceId, item, cancellation);
        }

        OrchestrationMetadata ended = Find(instanceId, data: false)
            ?? throw new ArgumentException($"No instance with ID '{instanceId}' was found.", nameof(instanceId));
        throw new InvalidOperationException($"Cannot {what} the orchestration instance {instanceId} because instance is in the {ended.RuntimeStatus} state.");
    }

    private Task PostAsync(string instanceId, OrchestrationEvent item, CancellationToken cancellation)
    {
        OutgoingMessage message = OutgoingMessage.To(instanceId, item, Runtime.Numbers.NextMessage());
        return Runtime.State.Writer.WriteAsync(
            statements => statements.Add(message.Stored),
            () => Runtime.Deliver(message),
            cancellation);
    }

    private OrchestrationMetadata? Find(string instanceId, bool data)
    {
        EngineRuntime runtime = Runtime;
        return runtime.State.Reader.Read(read =>
            read.Instance(instanceId, data) is { } row ? InstanceMetadata.From(row, data ? runtime.Converter : null, read) : null);
    }

    private async Task<OrchestrationMetadata> WaitForAsync(
        string instanceId, Predicate<OrchestrationMetadata> reached, bool data, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        OrchestrationMetadata? found = Find(instanceId, data);
        while (found is null || !reached(found))
        {
            // Asked for before the look into the file, so that no change in between is missed.
            Task change = Runtime.Changes.Next(instanceId);
            found = Find(instanceId, data);
            if (found is null || !reached(found))
            {
                await change.WaitAsync(cancellation).ConfigureAwait(false);
            }
        }

        return found;
    }

    /// <summary>Sub-orchestrations of an instance, theirs, and so on.</summary>
    private List<InstanceRow> Descendants(string instanceId) => Runtime.State.Reader.Read(read =>
    {
        List<InstanceRow> found = [];
        Queue<long> parents = new(read.Instance(instanceId, data: false) is { } root ? [root.Row] : []);
        while (parents.TryDequeue(out long parent))
        {
            foreach (InstanceRow child in read.Children(parent))
            {
                found.Add(child);
                parents.Enqueue(child.Row);
            }
        }

        return found;
    });

    private Task<int> PurgeAsync(IReadOnlyList<InstanceRow> rows, CancellationToken cancellation) => Runtime.State.Writer.WriteAsync(
        statements =>
        {
            foreach (InstanceRow row in rows)
            {
                statements.Purge(row.Row);
            }

            return rows.Count;
        },
        committed: null,
        cancellation);
}
