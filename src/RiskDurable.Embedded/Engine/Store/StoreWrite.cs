namespace RiskDurable.Embedded.Engine.Store;

/// <summary>Changes that are stored together or not at all.</summary>
internal abstract class StoreWrite
{
    /// <summary>Makes the changes; runs on the writer's thread, within a transaction shared with other writes.</summary>
    public abstract void Apply(WriteStatements statements);

    /// <summary>Called once the changes are on the disk, in the order of submission. Must be quick and must not throw.</summary>
    public virtual void Committed()
    {
    }

    /// <summary>Called instead when the file cannot be written; the engine is then at its end.</summary>
    public virtual void Failed(Exception cause)
    {
    }
}

/// <summary>A write whose caller waits for it.</summary>
internal sealed class AwaitedWrite<T>(Func<WriteStatements, T> apply, Action? committed = null) : StoreWrite
{
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T _result = default!;

    public Task<T> Done => _done.Task;

    public override void Apply(WriteStatements statements) => _result = apply(statements);

    public override void Committed()
    {
        committed?.Invoke();
        _done.SetResult(_result);
    }

    public override void Failed(Exception cause) => _done.TrySetException(cause);
}
