namespace RiskDurable.Embedded.Worker;

/// <summary>What a timer-triggered function learns of its schedule.</summary>
public class TimerInfo
{
    /// <summary>The schedule's recorded state; null where it is not monitored.</summary>
    public ScheduleStatus? ScheduleStatus { get; set; }

    /// <summary>Whether this run makes up for a tick that was missed.</summary>
    public bool IsPastDue { get; set; }
}

/// <summary>The recorded state of a schedule. All times are UTC.</summary>
public class ScheduleStatus
{
    /// <summary>The last tick that ran; the default value before the first.</summary>
    public DateTime Last { get; set; }

    /// <summary>The tick that comes next.</summary>
    public DateTime Next { get; set; }

    /// <summary>When this record was written last.</summary>
    public DateTime LastUpdated { get; set; }
}
