using System.Collections.Concurrent;

namespace RiskDurable.Embedded.Engine;

/// <summary>Something that has a step to make.</summary>
internal interface IStep
{
    /// <summary>Makes it. Must not throw.</summary>
    ValueTask RunAsync();
}

/// <summary>Runs steps in the order they became ready, so many at once.</summary>
internal sealed class WorkQueue(int concurrency)
{
    private readonly ConcurrentQueue<IStep> _ready = new();
    private int _running;
    private int _unfinished;
    private volatile bool _stopped;

    /// <summary>Whether nothing is ready or running.</summary>
    public bool IsIdle => Volatile.Read(ref _unfinished) == 0;

    /// <summary>Makes steps that become ready from now on wait for ever.</summary>
    public void Stop() => _stopped = true;

    public void Add(IStep step)
    {
        if (_stopped)
        {
            return;
        }

        Interlocked.Increment(ref _unfinished);
        _ready.Enqueue(step);
        StartWorker();
    }

    private void StartWorker()
    {
        int running = Volatile.Read(ref _running);
        while (running < concurrency)
        {
            int seen = Interlocked.CompareExchange(ref _running, running + 1, running);
            if (seen == running)
            {
                ThreadPool.UnsafeQueueUserWorkItem(static queue => _ = queue.WorkAsync(), this, preferLocal: false);
                return;
            }

            running = seen;
        }
    }

    private async Task WorkAsync()
    {
        while (_ready.TryDequeue(out IStep? step))
        {
            await step.RunAsync().ConfigureAwait(false);
            Interlocked.Decrement(ref _unfinished);
        }

        Interlocked.Decrement(ref _running);

        // A step may have become ready after the last look and before this worker was counted out.
        if (!_ready.IsEmpty)
        {
            StartWorker();
        }
    }
}
