using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using RiskDurable.Embedded.CrashHost;
using RiskDurable.Embedded.DurableTask.Client;
using RiskDurable.Embedded.DurableTask.Entities;
using RiskDurable.Embedded.Engine;

namespace RiskDurable.Embedded.Tests.Engine;

public sealed class CrashTests(ITestOutputHelper output)
{
    private static readonly bool Long = Environment.GetEnvironmentVariable("RISKDURABLE_LONG_TESTS") == "1";

    [Fact]
    public async Task Killed_at_random_moments_under_load_nothing_is_lost_and_nothing_happens_twice()
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        string folder = Directory.CreateTempSubdirectory("riskdurable-crash-").FullName;
        List<string> said = [];
        for (int kill = 0; kill < (Long ? 200 : 30); kill++)
        {
            await RunAndKillAsync(folder, kill, TimeSpan.FromMilliseconds(random.Next(0, 400)), said);
        }

        output.WriteLine($"{said.Count} acknowledgements");
        await using (DurableEngine engine = new(new EngineOptions { StateFolder = folder }, new CrashFunctions(), NullLoggerFactory.Instance))
        {
            await engine.StartAsync(TestHost.Patience);
            await CheckAsync(engine, said);
        }

        Directory.Delete(folder, recursive: true);
    }

    private static async Task RunAndKillAsync(string folder, int run, TimeSpan life, List<string> said)
    {
        using Process host = Process.Start(new ProcessStartInfo("dotnet")
        {
            ArgumentList = { typeof(CrashFunctions).Assembly.Location, folder, $"{run}" },
            RedirectStandardOutput = true,
        })!;
        try
        {
            Assert.Equal("ready", await host.StandardOutput.ReadLineAsync(TestHost.Patience));
            Task<string> rest = host.StandardOutput.ReadToEndAsync(TestHost.Patience);
            await Task.Delay(life, TestHost.Patience);
            host.Kill();
            string[] lines = (await rest).Split('\n');

            // What follows the last line break may be half a line.
            said.AddRange(lines[..^1]);
        }
        finally
        {
            host.Kill();
            await host.WaitForExitAsync(TestHost.Patience);
        }
    }

    private static async Task CheckAsync(DurableEngine engine, List<string> said)
    {
        DurableTaskClient client = engine.Client;
        List<OrchestrationMetadata> all = await ListAsync(client);
        foreach (OrchestrationMetadata open in all.Where(item => !item.IsCompleted))
        {
            await client.RaiseEventAsync(open.InstanceId, "note", "end", TestHost.Patience);
        }

        foreach (OrchestrationMetadata item in all)
        {
            await client.WaitForInstanceCompletionAsync(item.InstanceId, TestHost.Patience).WaitAsync(TimeSpan.FromSeconds(20), TestHost.Patience);
        }

        all = await ListAsync(client);
        Dictionary<string, CrashFunctions.LoadState> states = all.ToDictionary(item => item.InstanceId, item => item.ReadOutputAs<CrashFunctions.LoadState>()!);
        Assert.All(all, item => Assert.Equal(OrchestrationRuntimeStatus.Completed, item.RuntimeStatus));
        Assert.NotEmpty(states);
        foreach (string[] words in said.Select(line => line.Split(' ')))
        {
            switch (words[0])
            {
                case "started":
                    Assert.True(states.ContainsKey(words[1]), $"{words[1]} is lost");
                    break;
                case "noted":
                    Assert.Contains(words[2], states[words[1]].Notes);
                    break;
            }
        }

        Assert.All(states.Values, state => Assert.Equal(state.Notes.Distinct(), state.Notes));
        Assert.All(states.Values, state => Assert.Equal(8, state.Parts));

        // Each called the entity once, and the entity counted each call once.
        Assert.Equal(Enumerable.Range(1, states.Count), states.Values.Select(state => state.Call).Order());
        await TestHost.UntilAsync(async () => await SumAsync(client, CrashFunctions.Mirror) >= states.Count
            && (await LogAsync(client, CrashFunctions.Finished)).Count >= states.Count
            && await SumAsync(client, CrashFunctions.Rounds) >= states.Values.Sum(state => state.Round));
        Assert.Equal(states.Count, await SumAsync(client, CrashFunctions.Calls));
        Assert.Equal(states.Count, await SumAsync(client, CrashFunctions.Mirror));
        Assert.Equal(states.Values.Sum(state => state.Round), await SumAsync(client, CrashFunctions.Rounds));
        Assert.Equal(states.Keys.Order(), (await LogAsync(client, CrashFunctions.Finished)).Order());

        List<string> direct = await LogAsync(client, CrashFunctions.Direct);
        Assert.Equal(direct.Distinct(), direct);
        Assert.Empty(said.Where(line => line.StartsWith("signalled ", StringComparison.Ordinal)).Select(line => line.Split(' ')[1]).Except(direct));
    }

    private static async Task<List<OrchestrationMetadata>> ListAsync(DurableTaskClient client)
    {
        List<OrchestrationMetadata> found = [];
        await foreach (OrchestrationMetadata item in client.GetAllInstancesAsync(new OrchestrationQuery(InstanceIdPrefix: "load-", FetchInputsAndOutputs: true)))
        {
            found.Add(item);
        }

        return found;
    }

    private static async Task<int> SumAsync(DurableTaskClient client, EntityInstanceId id) =>
        (await client.Entities.GetEntityAsync<int>(id, TestHost.Patience))?.State ?? 0;

    private static async Task<List<string>> LogAsync(DurableTaskClient client, EntityInstanceId id) =>
        (await client.Entities.GetEntityAsync<List<string>>(id, TestHost.Patience))?.State ?? [];
}
