using RiskDurable.Embedded.Worker.Extensions.Abstractions;

namespace RiskDurable.Embedded.Worker;

/// <summary>Starts a function on a schedule. The parameter is a <see cref="TimerInfo"/>.</summary>
/// <param name="schedule">
/// An NCRONTAB expression (<c>second minute hour day month day-of-week</c>; five fields leave the seconds out), a time span, or
/// <c>%NAME%</c> for the application setting that holds one of them.
/// </param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class TimerTriggerAttribute(string schedule) : TriggerBindingAttribute
{
    /// <summary>The schedule as given.</summary>
    public string Schedule { get; } = schedule;

    /// <summary>
    /// Whether the schedule's state outlives the process, so that a tick missed while the host was down runs once after the start.
    /// True by default; never done for a schedule that ticks more often than once a minute.
    /// </summary>
    public bool UseMonitor { get; set; } = true;

    /// <summary>Whether the function also runs whenever the host starts.</summary>
    public bool RunOnStartup { get; set; }
}
