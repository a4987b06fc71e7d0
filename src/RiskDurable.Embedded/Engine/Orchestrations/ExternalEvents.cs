using RiskDurable.Embedded.DurableTask;

namespace RiskDurable.Embedded.Engine.Orchestrations;

/// <summary>
/// External events of one round: the latest to wait for a name gets the next event of it, and events nobody waits for are kept in order of arrival.
/// </summary>
internal sealed class ExternalEvents(DataConverter converter)
{
    private readonly Dictionary<string, List<Waiter>> _waiting = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<(string Name, string? Payload)> _kept = [];

    private abstract record Waiter(Type Type)
    {
        public abstract void Complete(string? payload, DataConverter converter);
    }

    public bool AnyWaiting => _waiting.Count > 0;

    /// <exception cref="ArgumentException">Another waits for the same name with another type.</exception>
    public Task<T> WaitAsync<T>(string name, CancellationToken cancellation)
    {
        if (_waiting.TryGetValue(name, out List<Waiter>? others) && others[^1].Type != typeof(T))
        {
            throw new ArgumentException("Events with the same name must have the same type argument. Expected"
                + $" {others[^1].Type.FullName} but was requested {typeof(T).FullName}.");
        }

        Waiter<T> waiter = new();
        if (_kept.FindIndex(item => string.Equals(item.Name, name, StringComparison.OrdinalIgnoreCase)) is >= 0 and int first)
        {
            string? payload = _kept[first].Payload;
            _kept.RemoveAt(first);
            waiter.Complete(payload, converter);
            return waiter.Task;
        }

        if (cancellation.IsCancellationRequested)
        {
            waiter.Cancel(cancellation);
            return waiter.Task;
        }

        if (others is null)
        {
            _waiting[name] = others = [];
        }

        others.Add(waiter);
        cancellation.Register(() =>
        {
            Remove(name, waiter);
            waiter.Cancel(cancellation);
        });
        return waiter.Task;
    }

    public void Raise(string name, string? payload)
    {
        if (!_waiting.TryGetValue(name, out List<Waiter>? waiters))
        {
            _kept.Add((name, payload));
            return;
        }

        Waiter latest = waiters[^1];
        Remove(name, latest);
        latest.Complete(payload, converter);
    }

    /// <summary>Takes all events nobody has waited for, in order of arrival.</summary>
    public IReadOnlyList<(string Name, string? Payload)> TakeKept()
    {
        (string, string?)[] kept = [.. _kept];
        _kept.Clear();
        return kept;
    }

    private void Remove(string name, Waiter waiter)
    {
        if (_waiting.TryGetValue(name, out List<Waiter>? waiters))
        {
            waiters.RemoveAll(other => ReferenceEquals(other, waiter));
            if (waiters.Count == 0)
            {
                _waiting.Remove(name);
            }
        }
    }

    private sealed record Waiter<T>() : Waiter(typeof(T))
    {
        private readonly TaskCompletionSource<T> _source = new();

        public Task<T> Task => _source.Task;

        public void Cancel(CancellationToken token) => _source.TrySetCanceled(token);

        public override void Complete(string? payload, DataConverter converter)
        {
            T value;
            try
            {
                value = converter.Deserialize<T>(payload)!;
            }
            catch (Exception cause)
            {
                _source.TrySetException(cause);
                return;
            }

            _source.TrySetResult(value);
        }
    }
}
