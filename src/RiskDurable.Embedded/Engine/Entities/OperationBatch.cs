using Microsoft.Extensions.Logging;
using RiskDurable.Embedded.DurableTask;
using RiskDurable.Embedded.DurableTask.Entities;

namespace RiskDurable.Embedded.Engine.Entities;

/// <summary>Result of an operation: a failure, or what it returned.</summary>
internal readonly record struct OperationResult(string? Output, TaskFailureDetails? Failure);

/// <summary>Runs operations on an entity one after the other; one that throws leaves neither state nor messages.</summary>
internal sealed class OperationBatch(
    EntityInstanceId id, string? state, IReadOnlyList<EntityRequest> requests, DataConverter converter, ILogger logger, CancellationToken stopping)
    : EntityBatch
{
    private readonly OperationState _state = new(converter, state);
    private readonly OperationContext _context = new(id, converter);

    public string? State => _state.Committed;

    public IReadOnlyList<EntityEffect> Effects => _context.Effects;

    /// <summary>Results of the operations that ran; those the host's stop has cut short are missing.</summary>
    public List<OperationResult> Results { get; } = [];

    public override async Task RunAsync(ITaskEntity entity)
    {
        Operation operation = new(_context, _state, converter);
        while (Results.Count < requests.Count && !stopping.IsCancellationRequested)
        {
            EntityRequest request = requests[Results.Count];
            operation.Set(request.Operation, request.Input);
            try
            {
                object? result = await entity.RunAsync(operation).ConfigureAwait(false);
                OperationResult output = new(converter.Serialize(result), null);
                _state.Commit();
                _context.Commit();
                Results.Add(output);
            }
            catch (Exception cause)
            {
                _state.Rollback();
                _context.Rollback();
                if (cause is OperationCanceledException && stopping.IsCancellationRequested)
                {
                    return;
                }

                logger.LogError(cause, "Operation '{Operation}' of entity '{Entity}' failed: {Reason}", request.Operation, id, cause.Message);
                Results.Add(new OperationResult(null, TaskFailureDetails.FromException(cause)));
            }
        }
    }

    private sealed class Operation(TaskEntityContext context, TaskEntityState state, DataConverter converter) : TaskEntityOperation
    {
        private string _name = "";
        private string? _input;

        public override string Name => _name;

        public override TaskEntityContext Context => context;

        public override TaskEntityState State => state;

        public override bool HasInput => _input is not null;

        public void Set(string name, string? input) => (_name, _input) = (name, input);

        public override object? GetInput(Type inputType) => converter.Deserialize(_input, inputType);
    }

    private sealed class OperationState(DataConverter converter, string? initial) : TaskEntityState
    {
        private string? _current = initial;
        private object? _cached;

        public string? Committed { get; private set; } = initial;

        public override bool HasState => _current is not null;

        public void Commit() => Committed = _current;

        public void Rollback() => (_current, _cached) = (Committed, null);

        public override object? GetState(Type type)
        {
            if (_cached is null || !type.IsInstanceOfType(_cached))
            {
                _cached = converter.Deserialize(_current, type);
            }

            return _cached;
        }

        public override void SetState(object? state)
        {
            _current = converter.Serialize(state);
            _cached = state;
        }
    }
}
