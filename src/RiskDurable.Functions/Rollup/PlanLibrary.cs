using System.Collections.Concurrent;
using System.Text.Json;
using RiskDurable.Execution.Packing;
using RiskDurable.Execution.Planning;
using RiskDurable.Execution.Running;
using RiskDurable.Execution.Storage;

namespace RiskDurable.Functions.Rollup;

/// <summary>Plans in memory: each is worked out, or read, once a process.</summary>
/// <param name="store">Where manifests, deals and execution plans are.</param>
/// <param name="tables">Tables in memory.</param>
/// <param name="way">Whom jobs let go first.</param>
public sealed class PlanLibrary(IObjectStore store, TableCache tables, RightOfWay way)
{
    private readonly Shelf<JobRunner> _runners = new();
    private readonly Shelf<ExecutionPlan> _executions = new();

    /// <summary>What runs the jobs of a plan: worked out from the manifest and the deals in the store.</summary>
    /// <param name="plan">The plan's reference.</param>
    /// <exception cref="UnreadableObjectException">Its manifest or deals are missing.</exception>
    public Task<JobRunner> RunnerOfAsync(PlanReference plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return _runners.GetAsync(JsonSerializer.Serialize(plan with { Execution = null }), () => LoadAsync(plan));
    }

    /// <summary>The jobs of a plan: read from the store, or worked out where they are not there any more.</summary>
    /// <param name="plan">The plan's reference.</param>
    /// <exception cref="UnreadableObjectException">Its manifest or deals are missing.</exception>
    public Task<ExecutionPlan> ExecutionOfAsync(PlanReference plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return _executions.GetAsync(JsonSerializer.Serialize(plan), async () =>
        {
            try
            {
                if (plan.Execution is { } execution)
                {
                    return await ExecutionPlan.ReadAsync(store, execution, CancellationToken.None).ConfigureAwait(false);
                }
            }
            catch (UnreadableObjectException)
            {
                // A plan is a function of what it was made of.
            }

            return ExecutionPlan.Of((await RunnerOfAsync(plan).ConfigureAwait(false)).Plan);
        });
    }

    // Without cancellation: others may wait for the same plan.
    private async Task<JobRunner> LoadAsync(PlanReference reference)
    {
        PortfolioManifest manifest = await PortfolioManifest.ReadAsync(store, reference.Manifest, CancellationToken.None).ConfigureAwait(false);
        return new JobRunner(
            store, tables, RollupPlan.Create(manifest, await manifest.ReadDealsAsync(store, CancellationToken.None).ConfigureAwait(false), reference.Settings), way);
    }

    /// <summary>A few things by key, each made once, whoever asks for it at the same time.</summary>
    private sealed class Shelf<T>
    {
        private const int Most = 8;

        private readonly ConcurrentDictionary<string, Lazy<Task<T>>> _things = new(StringComparer.Ordinal);

        public async Task<T> GetAsync(string key, Func<Task<T>> make)
        {
            if (_things.Count >= Most && !_things.ContainsKey(key))
            {
                _things.Clear();
            }

            Lazy<Task<T>> thing = _things.GetOrAdd(key, _ => new Lazy<Task<T>>(make));
            try
            {
                return await thing.Value.ConfigureAwait(false);
            }
            catch
            {
                _things.TryRemove(new KeyValuePair<string, Lazy<Task<T>>>(key, thing));
                throw;
            }
        }
    }
}
