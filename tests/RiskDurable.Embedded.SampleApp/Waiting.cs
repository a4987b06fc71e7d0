namespace RiskDurable.Embedded.SampleApp;

/// <summary>Orchestrations that wait: for a person, for a state of the world.</summary>
public sealed class Waiting(Ledger ledger)
{
    /// <summary>Human interaction with a time-out, in milliseconds.</summary>
    [Function(nameof(Approval))]
    public static async Task<string> Approval([OrchestrationTrigger] TaskOrchestrationContext context, int timeout)
    {
        context.SetCustomStatus(new { waitingFor = "approval" });
        try
        {
            bool approved = await context.WaitForExternalEvent<bool>("Approve", TimeSpan.FromMilliseconds(timeout));
            return approved ? "approved" : "refused";
        }
        catch (TaskCanceledException)
        {
            return "timed out";
        }
    }

    /// <summary>Looks again and again, a new execution a time, until the key stands in the ledger.</summary>
    [Function(nameof(Monitor))]
    public static async Task<string> Monitor([OrchestrationTrigger] TaskOrchestrationContext context, Watch watch)
    {
        if (await context.CallActivityAsync<bool>(nameof(IsThere), watch.Key))
        {
            return $"there after {watch.Looks} looks";
        }

        await context.CreateTimer(TimeSpan.FromMilliseconds(20), CancellationToken.None);
        context.ContinueAsNew(watch with { Looks = watch.Looks + 1 });
        return "";
    }

    [Function(nameof(IsThere))]
    public bool IsThere([ActivityTrigger] string key) => ledger.Entries.Contains(key);

    [Function(nameof(WaitsForever))]
    public static Task WaitsForever([OrchestrationTrigger] TaskOrchestrationContext context) => context.CallActivityAsync(nameof(Endless));

    /// <summary>Ends when it is told to.</summary>
    [Function(nameof(Endless))]
    public static Task Endless([ActivityTrigger] FunctionContext context) => Task.Delay(Timeout.Infinite, context.CancellationToken);

    public sealed record Watch(string Key, int Looks);
}
