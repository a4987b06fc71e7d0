namespace RiskDurable.Embedded.Engine;

/// <summary>
/// Hands waiting activities to slots, in order within a lane. A lane's reserved slots are kept free for it, so that a lane with little work never waits
/// behind one with much; beyond them lanes share the rest in turn, each up to its own limit.
/// </summary>
internal sealed class ActivityDispatcher
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Lane> _lanes = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<Lane> _order = [];
    private readonly Func<string, string?> _laneOf;
    private readonly Func<ActivityCall, Task> _run;
    private readonly int _sharedSlots;
    private int _sharedUsed;
    private int _running;
    private int _turn;
    private bool _stopped;

    /// <param name="options">Slots and lanes.</param>
    /// <param name="run">Runs a call; must not throw.</param>
    /// <exception cref="ArgumentException">More slots are reserved than there are, or no slot is left for the common lane.</exception>
    public ActivityDispatcher(EngineOptions options, Func<ActivityCall, Task> run)
    {
        (_laneOf, _run) = (options.ActivityLane, run);
        _sharedSlots = options.MaxConcurrentActivities - options.ReservedActivitySlots.Values.Sum();
        if (_sharedSlots < 1)
        {
            throw new ArgumentException($"Of {options.MaxConcurrentActivities} activity slots {options.ReservedActivitySlots.Values.Sum()} are reserved for lanes; "
                + "at least one must be left. Raise maxConcurrentActivityFunctions or reserve fewer.");
        }

        foreach (string name in options.ReservedActivitySlots.Keys.Union(options.MostActivitySlots.Keys, StringComparer.OrdinalIgnoreCase))
        {
            AddLane(name, options.ReservedActivitySlots.GetValueOrDefault(name), options.MostActivitySlots.GetValueOrDefault(name, int.MaxValue));
        }
    }

    private sealed class Lane(int reserved, int most)
    {
        public Queue<ActivityCall> Waiting { get; } = [];

        public int Reserved => reserved;

        public int Most => most;

        public int Running { get; set; }
    }

    /// <summary>Number of activities that run.</summary>
    public int Running
    {
        get
        {
            lock (_lock)
            {
                return _running;
            }
        }
    }

    public void Add(ActivityCall call)
    {
        lock (_lock)
        {
            string name = _laneOf(call.Name) ?? "";
            Lane lane = _lanes.TryGetValue(name, out Lane? known) ? known : AddLane(name, reserved: 0, most: int.MaxValue);
            lane.Waiting.Enqueue(call);
            if (HasSlot(lane))
            {
                (ActivityDispatcher, Lane, ActivityCall) start = (this, lane, Take(lane));
                ThreadPool.UnsafeQueueUserWorkItem(static start => _ = start.Item1.RunAsync(start.Item2, start.Item3), start, preferLocal: false);
            }
        }
    }

    /// <summary>Starts no more activities; those that run go on.</summary>
    public void Stop()
    {
        lock (_lock)
        {
            _stopped = true;
        }
    }

    private Lane AddLane(string name, int reserved, int most)
    {
        Lane lane = new(reserved, most);
        _lanes.Add(name, lane);
        _order.Add(lane);
        return lane;
    }

    private bool HasSlot(Lane lane) => !_stopped && lane.Waiting.Count > 0 && lane.Running < lane.Most && (lane.Running < lane.Reserved || _sharedUsed < _sharedSlots);

    private ActivityCall Take(Lane lane)
    {
        _sharedUsed += lane.Running >= lane.Reserved ? 1 : 0;
        lane.Running++;
        _running++;
        return lane.Waiting.Dequeue();
    }

    private async Task RunAsync(Lane lane, ActivityCall call)
    {
        while (true)
        {
            await _run(call).ConfigureAwait(false);
            lock (_lock)
            {
                lane.Running--;
                _running--;
                _sharedUsed -= lane.Running >= lane.Reserved ? 1 : 0;
                if (Next() is not { } next)
                {
                    return;
                }

                lane = next;
                call = Take(lane);
            }
        }
    }

    /// <summary>The lane that may start an activity next; lanes take turns.</summary>
    private Lane? Next()
    {
        for (int i = 0; i < _order.Count; i++)
        {
            _turn = (_turn + 1) % _order.Count;
            if (HasSlot(_order[_turn]))
            {
                return _order[_turn];
            }
        }

        return null;
    }
}
