namespace RiskDurable.Embedded.SampleApp;

/// <summary>Functions started by timers and queues.</summary>
public sealed class Triggers(Ledger ledger, CallScope scope)
{
    [Function(nameof(Nightly))]
    public void Nightly([TimerTrigger("%NightlySchedule%", RunOnStartup = true)] TimerInfo timer) =>
        ledger.Add($"nightly pastDue={timer.IsPastDue} next={timer.ScheduleStatus?.Next:HH:mm}");

    [Function(nameof(Words))]
    public async Task Words([QueueTrigger("words")] Word word, int dequeueCount, FunctionContext context, CancellationToken cancellation)
    {
        await Task.Yield();
        cancellation.ThrowIfCancellationRequested();
        context.GetLogger<Triggers>().LogInformation("Word {Word} in call scope {Scope}", word.Text, scope.Id);
        ledger.Add($"word {word.Text} {dequeueCount}");
    }

    [Function(nameof(Troubles))]
    public void Troubles([QueueTrigger("troubles")] string message, int dequeueCount)
    {
        ledger.Add($"trouble {message} {dequeueCount}");
        throw new InvalidOperationException(message);
    }

    [Function(nameof(Poisoned))]
    public void Poisoned([QueueTrigger("troubles-poison")] string message) => ledger.Add($"poisoned {message}");

    /// <summary>Runs until the ledger says that the gate is open, or until it is told to end.</summary>
    [Function(nameof(Gated))]
    public async Task Gated([QueueTrigger("gated")] string message, CancellationToken cancellation)
    {
        ledger.Add($"gated {message} began");
        while (!ledger.Entries.Contains("gate open"))
        {
            await Task.Delay(5, cancellation);
        }

        ledger.Add($"gated {message} ended");
    }

    public sealed record Word(string Text);
}
