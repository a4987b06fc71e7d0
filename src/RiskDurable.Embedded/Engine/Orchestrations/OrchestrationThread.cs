namespace RiskDurable.Embedded.Engine.Orchestrations;

/// <summary>
/// The one thread at a time on which an orchestrator's code runs. Continuations are kept to it; one that comes from elsewhere shows that the code
/// has awaited something the engine does not know.
/// </summary>
internal sealed class OrchestrationThread(Action resumedByOther) : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Run, object? State)> _posted = [];
    private volatile int _thread;

    public bool IsCurrent => _thread == Environment.CurrentManagedThreadId;

    public void Run(Action body)
    {
        SynchronizationContext? outer = Current;
        SetSynchronizationContext(this);
        _thread = Environment.CurrentManagedThreadId;
        try
        {
            body();
        }
        finally
        {
            _thread = 0;
            SetSynchronizationContext(outer);
        }
    }

    /// <summary>Runs what has been posted, until nothing is left.</summary>
    public void Drain()
    {
        while (_posted.TryDequeue(out (SendOrPostCallback Run, object? State) next))
        {
            next.Run(next.State);
        }
    }

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (IsCurrent)
        {
            _posted.Enqueue((d, state));
        }
        else
        {
            resumedByOther();
        }
    }

    public override void Send(SendOrPostCallback d, object? state)
    {
        if (IsCurrent)
        {
            d(state);
        }
        else
        {
            resumedByOther();
        }
    }

    public override SynchronizationContext CreateCopy() => this;
}
