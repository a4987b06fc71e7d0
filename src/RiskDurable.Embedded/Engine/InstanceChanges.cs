using System.Collections.Concurrent;

namespace RiskDurable.Embedded.Engine;

/// <summary>Tells waiting clients that an instance has started or ended.</summary>
internal sealed class InstanceChanges
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _waiting = new(StringComparer.Ordinal);

    /// <summary>Completes at the instance's next change.</summary>
    public Task Next(string instanceId) =>
        _waiting.GetOrAdd(instanceId, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public void Notify(string instanceId)
    {
        if (_waiting.TryRemove(instanceId, out TaskCompletionSource? waiting))
        {
            waiting.SetResult();
        }
    }
}
