using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using RiskDurable.Embedded.CrashHost;
using RiskDurable.Embedded.DurableTask;
using RiskDurable.Embedded.DurableTask.Client;
using RiskDurable.Embedded.Engine;

// Usage: RiskDurable.Embedded.CrashHost <folder> <run>. Puts load on an engine and says on the console what has been acknowledged, until it is killed.
string run = args[1];
await using DurableEngine engine = new(new EngineOptions { StateFolder = args[0] }, new CrashFunctions(), NullLoggerFactory.Instance);
await engine.StartAsync(CancellationToken.None);
Say("ready");

DurableTaskClient client = engine.Client;
List<string> running = [];
await foreach (OrchestrationMetadata found in client.GetAllInstancesAsync(new OrchestrationQuery(InstanceIdPrefix: "load-")))
{
    if (!found.IsCompleted)
    {
        running.Add(found.InstanceId);
    }
}

for (int i = 0; ; i++)
{
    string started = string.Create(CultureInfo.InvariantCulture, $"load-{run}-{i}");
    await client.ScheduleNewOrchestrationInstanceAsync("Load", new CrashFunctions.LoadState(), new StartOrchestrationOptions(started));
    Say($"started {started}");
    running.Add(started);
    await Task.WhenAll(running.TakeLast(6).Select(id => NoteAsync(id, $"{run}-{i}")));
    await client.Entities.SignalEntityAsync(CrashFunctions.Direct, "append", $"{run}-{i}");
    Say($"signalled {run}-{i}");
    if (running.Count > 12)
    {
        await client.RaiseEventAsync(running[0], "note", "end");
        running.RemoveAt(0);
    }
}

async Task NoteAsync(string id, string note)
{
    await client.RaiseEventAsync(id, "note", note);
    Say($"noted {id} {note}");
}

static void Say(string line)
{
    lock (Console.Out)
    {
        Console.Out.WriteLine(line);
        Console.Out.Flush();
    }
}
