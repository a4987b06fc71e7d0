using RiskDurable.Embedded.DurableTask;

namespace RiskDurable.Embedded.Engine.Orchestrations;

/// <summary>A task an orchestrator has been given and that is not done yet.</summary>
internal abstract class OpenTask
{
    /// <summary>Whether the orchestration cannot end before it is done.</summary>
    public required bool KeepsOpen { get; init; }

    public abstract void Complete(string? text);

    public abstract void Fail(TaskFailureDetails failure);
}

/// <inheritdoc/>
/// <typeparam name="T">Type of the result.</typeparam>
internal sealed class OpenTask<T>(DataConverter converter, Func<TaskFailureDetails, Exception> failed) : OpenTask
{
    // Continuations run at once and on the orchestration's thread: it is the only one that completes tasks.
    private readonly TaskCompletionSource<T> _source = new();

    public Task<T> Task => _source.Task;

    public bool TryCancel(CancellationToken token) => _source.TrySetCanceled(token);

    public override void Complete(string? text)
    {
        T result;
        try
        {
            result = converter.Deserialize<T>(text)!;
        }
        catch (Exception cause)
        {
            _source.TrySetException(cause);
            return;
        }

        _source.TrySetResult(result);
    }

    public override void Fail(TaskFailureDetails failure) => _source.TrySetException(failed(failure));
}
