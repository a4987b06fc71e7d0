using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using RiskDurable.Embedded.Bench;
using RiskDurable.Embedded.DurableTask.Client;
using RiskDurable.Embedded.Engine;

// Usage: dotnet run -c Release --project bench/RiskDurable.Embedded.Bench [-- folder]
string folder = args.Length > 0 ? args[0] : Directory.CreateTempSubdirectory("riskdurable-bench-").FullName;
Console.WriteLine($"cores {Environment.ProcessorCount}, state in {folder}");
Console.WriteLine($"disk: {FlushesPerSecond(folder):N0} flushes of 4 KiB a second");

await using (DurableEngine engine = new(new EngineOptions { StateFolder = folder }, new BenchFunctions(), NullLoggerFactory.Instance))
{
    await engine.StartAsync(CancellationToken.None);
    await RunAsync(engine.Client, "FanOut", new BenchFunctions.Plan(10, 100));
    for (int round = 1; round <= 3; round++)
    {
        (TimeSpan took, int done) = await RunAsync(engine.Client, "FanOut", new BenchFunctions.Plan(100, 100));
        Console.WriteLine($"fan-out of {done:N0} activities in 100 sub-orchestrations: {took.TotalSeconds:F2} s, {done / took.TotalSeconds:N0} activities/s, "
            + $"state file {Size(engine.StatePath) / 1e6:F1} MB");
    }

    double[] steps = new double[500];
    for (int i = 0; i < steps.Length; i++)
    {
        (TimeSpan took, _) = await RunAsync(engine.Client, "Chain", new BenchFunctions.Plan(0, 10));

        // Ten activities are ten steps, with the start and the end around them.
        steps[i] = took.TotalMilliseconds / 11;
    }

    Array.Sort(steps);
    Console.WriteLine($"chaining step: p50 {steps[steps.Length / 2]:F2} ms, p99 {steps[steps.Length * 99 / 100]:F2} ms");
}

if (args.Length == 0)
{
    Directory.Delete(folder, recursive: true);
}

static async Task<(TimeSpan Took, int Result)> RunAsync(DurableTaskClient client, string name, BenchFunctions.Plan plan)
{
    Stopwatch watch = Stopwatch.StartNew();
    string id = await client.ScheduleNewOrchestrationInstanceAsync(name, plan);
    OrchestrationMetadata ended = await client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true);
    return (watch.Elapsed, ended.ReadOutputAs<int>());
}

static long Size(string path) => Directory.GetFiles(Path.GetDirectoryName(path)!).Sum(file => new FileInfo(file).Length);

static double FlushesPerSecond(string folder)
{
    string path = Path.Combine(folder, "flush.tmp");
    byte[] page = new byte[4096];
    using FileStream file = new(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);
    Stopwatch watch = Stopwatch.StartNew();
    int flushes = 0;
    while (watch.Elapsed < TimeSpan.FromSeconds(1))
    {
        file.Write(page);
        file.Flush(flushToDisk: true);
        flushes++;
    }

    return flushes / watch.Elapsed.TotalSeconds;
}
