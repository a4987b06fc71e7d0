namespace RiskDurable.Embedded.DurableTask;

/// <summary>How an orchestration starts over.</summary>
public class ContinueAsNewOptions
{
    /// <summary>Input of the next round.</summary>
    public object? NewInput { get; set; }

    /// <summary>Whether external events that no one has waited for yet reach the next round; true by default.</summary>
    public bool PreserveUnprocessedEvents { get; set; } = true;
}
