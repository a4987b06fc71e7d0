using System.Globalization;
using RiskDurable.Embedded.DurableTask;
using RiskDurable.Embedded.Engine;
using RiskDurable.Embedded.Worker;

namespace RiskDurable.Embedded.Bench;

/// <summary>Functions that do nothing, so that only the engine's own work is measured.</summary>
internal sealed class BenchFunctions : IDurableFunctions
{
    public bool HasOrchestrator(string name) => name is "FanOut" or "Part" or "Chain";

    public bool HasActivity(string name) => name == "Add";

    public bool HasEntity(string name) => false;

    public async Task<object?> RunOrchestratorAsync(string name, TaskOrchestrationContext context)
    {
        Plan plan = context.GetInput<Plan>()!;
        switch (name)
        {
            case "FanOut":
                int[] parts = await Task.WhenAll(Enumerable.Range(0, plan.Parts).Select(_ => context.CallSubOrchestratorAsync<int>("Part", plan)));
                return parts.Sum();
            case "Part":
                int[] results = await Task.WhenAll(Enumerable.Range(0, plan.Activities).Select(i => context.CallActivityAsync<int>("Add", i)));
                return results.Length;
            default:
                int last = 0;
                for (int i = 0; i < plan.Activities; i++)
                {
                    last = await context.CallActivityAsync<int>("Add", last);
                }

                return last;
        }
    }

    public Task<object?> RunActivityAsync(string name, string instanceId, string? serializedInput, CancellationToken stopping) =>
        Task.FromResult<object?>(int.Parse(serializedInput!, CultureInfo.InvariantCulture) + 1);

    public Task RunEntityAsync(string name, TaskEntityDispatcher dispatcher, CancellationToken stopping) => throw new NotSupportedException();

    /// <summary>What an orchestration is to call.</summary>
    internal sealed record Plan(int Parts, int Activities);
}
