using System.Globalization;
using RiskDurable.Embedded.DurableTask;
using RiskDurable.Embedded.DurableTask.Entities;
using RiskDurable.Embedded.Engine;
using RiskDurable.Embedded.Worker;

namespace RiskDurable.Embedded.CrashHost;

/// <summary>Functions that use every durable feature and leave traces from which any loss or repetition can be told.</summary>
internal sealed class CrashFunctions : IDurableFunctions
{
    public static EntityInstanceId Calls { get; } = new("sum", "calls");

    public static EntityInstanceId Mirror { get; } = new("sum", "mirror");

    public static EntityInstanceId Rounds { get; } = new("sum", "rounds");

    public static EntityInstanceId Finished { get; } = new("log", "finished");

    public static EntityInstanceId Direct { get; } = new("log", "direct");

    public bool HasOrchestrator(string name) => name is "Load" or "Part";

    public bool HasActivity(string name) => name == "Increment";

    public bool HasEntity(string name) => name is "sum" or "log";

    public async Task<object?> RunOrchestratorAsync(string name, TaskOrchestrationContext context)
    {
        if (name == "Part")
        {
            int[] ones = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => context.CallActivityAsync<int>("Increment", 0)));
            return ones.Sum();
        }

        LoadState state = context.GetInput<LoadState>()!;
        switch (state.Round)
        {
            case 0:
                state.Parts = (await Task.WhenAll(context.CallSubOrchestratorAsync<int>("Part"), context.CallSubOrchestratorAsync<int>("Part"))).Sum();
                state.Call = await context.Entities.CallEntityAsync<int>(Calls, "add", 1);
                await context.CreateTimer(TimeSpan.FromMilliseconds(5), CancellationToken.None);
                break;
            default:
                // Every event is another step; the last one says so.
                string received = await context.WaitForExternalEvent<string>("note");
                if (received == "end")
                {
                    await context.Entities.SignalEntityAsync(Finished, "append", context.InstanceId);
                    return state;
                }

                state.Notes.Add(received);
                break;
        }

        await context.Entities.SignalEntityAsync(Rounds, "add", 1);
        state.Round++;
        context.ContinueAsNew(state);
        return null;
    }

    public Task<object?> RunActivityAsync(string name, string instanceId, string? serializedInput, CancellationToken stopping) =>
        Task.FromResult<object?>(int.Parse(serializedInput!, CultureInfo.InvariantCulture) + 1);

    public Task RunEntityAsync(string name, TaskEntityDispatcher dispatcher, CancellationToken stopping) =>
        name == "sum" ? dispatcher.DispatchAsync(new Sum()) : dispatcher.DispatchAsync(new Log());

    /// <summary>What an orchestration of the load has done so far.</summary>
    internal sealed class LoadState
    {
        public int Round { get; set; }

        public int Parts { get; set; }

        public int Call { get; set; }

        public List<string> Notes { get; init; } = [];
    }

    private sealed class Sum : TaskEntity<int>
    {
        public int Add(int amount, TaskEntityContext context)
        {
            State += amount;
            if (context.Id == Calls)
            {
                context.SignalEntity(Mirror, "add", amount);
            }

            return State;
        }
    }

    private sealed class Log : TaskEntity<List<string>>
    {
        public void Append(string item) => State.Add(item);
    }
}
