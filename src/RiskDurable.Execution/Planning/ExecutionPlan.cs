using System.Text.Json;
using System.Text.Json.Serialization;
using RiskDurable.Execution.Storage;

namespace RiskDurable.Execution.Planning;

/// <summary>
/// A rollup's jobs as an object in the store: the keys of what each writes, and the core-seconds that it is expected to take. Whoever looks jobs up,
/// deals them out or sizes a fleet needs no more of a plan than this, and works nothing out anew.
/// </summary>
public sealed class ExecutionPlan
{
    private const int HashBytes = 32;
    private const int SectionsAStage = 4;

    private readonly Jobs[] _jobs;

    private ExecutionPlan(string portfolio, IReadOnlyList<PlanStage> stages, Jobs[] jobs)
    {
        Portfolio = portfolio;
        Stages = stages;
        _jobs = jobs;
    }

    /// <summary>The portfolio's id.</summary>
    public string Portfolio { get; }

    /// <summary>The stages in the order in which they run.</summary>
    public IReadOnlyList<PlanStage> Stages { get; }

    /// <summary>Works out the jobs of a plan.</summary>
    /// <param name="plan">The plan.</param>
    public static ExecutionPlan Of(RollupPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var cost = new CostModel(plan);
        return new ExecutionPlan(plan.Manifest.Portfolio, plan.Stages, [.. plan.Stages.Select(stage => JobsOf(plan, cost, stage))]);
    }

    /// <summary>Everything that a job writes.</summary>
    /// <param name="stage">The job's stage.</param>
    /// <param name="job">Its number in the stage.</param>
    public IReadOnlyList<ObjectKey> OutputsOf(PlanStage stage, int job)
    {
        ArgumentNullException.ThrowIfNull(stage);
        Jobs jobs = _jobs[stage.Index];
        var keys = new List<ObjectKey>(3) { new(KindOf(stage.Kind), HashAt(jobs.Outputs, job)) };
        AddOptional(keys, ObjectKind.Years, jobs.Years, job);
        AddOptional(keys, ObjectKind.Recoveries, jobs.Recoveries, job);
        return keys;
    }

    /// <summary>Expected core-seconds of a job.</summary>
    /// <param name="stage">The job's stage.</param>
    /// <param name="job">Its number in the stage.</param>
    public double Seconds(PlanStage stage, int job)
    {
        ArgumentNullException.ThrowIfNull(stage);
        return _jobs[stage.Index].Seconds[job];
    }

    /// <summary>Stores the plan under the hash of its bytes; returns the hash.</summary>
    /// <param name="store">Where it goes.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async ValueTask<string> StoreAsync(IObjectStore store, CancellationToken cancellationToken)
    {
        var writer = new SectionWriter(1 + (_jobs.Length * SectionsAStage));
        writer.Add(JsonSerializer.SerializeToUtf8Bytes(new ExecutionPlanHead(Portfolio, Stages), ExecutionPlanJson.Default.ExecutionPlanHead));
        foreach (Jobs jobs in _jobs)
        {
            writer.Add(jobs.Outputs);
            writer.Add(jobs.Years);
            writer.Add(jobs.Recoveries);
            writer.Add<double>(jobs.Seconds);
        }

        return await writer.StoreAsync(store, ObjectKind.Plan, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads a plan.</summary>
    /// <param name="store">Where it is.</param>
    /// <param name="hash">Its hash.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="UnreadableObjectException">It is missing or damaged.</exception>
    public static async ValueTask<ExecutionPlan> ReadAsync(IObjectStore store, string hash, CancellationToken cancellationToken)
    {
        var key = new ObjectKey(ObjectKind.Plan, hash);
        using SectionReader reader = await SectionReader.ReadAsync(store, key, cancellationToken).ConfigureAwait(false);
        ExecutionPlanHead head = JsonSerializer.Deserialize(reader.Bytes(0), ExecutionPlanJson.Default.ExecutionPlanHead)
            ?? throw new UnreadableObjectException(key, "its head is empty");
        return new ExecutionPlan(head.Portfolio, head.Stages, [.. head.Stages.Select((_, stage) => new Jobs(
            reader.Bytes(1 + (stage * SectionsAStage)).ToArray(),
            reader.Bytes(2 + (stage * SectionsAStage)).ToArray(),
            reader.Bytes(3 + (stage * SectionsAStage)).ToArray(),
            reader.Array<double>(4 + (stage * SectionsAStage))))]);
    }

    private static Jobs JobsOf(RollupPlan plan, CostModel cost, PlanStage stage)
    {
        byte[] outputs = new byte[stage.Jobs * HashBytes];
        byte[] years = [];
        byte[] recoveries = [];
        double[] seconds = new double[stage.Jobs];
        for (int job = 0; job < stage.Jobs; job++)
        {
            IReadOnlyList<ObjectKey> keys = plan.OutputsOf(stage, job);
            Put(keys[0], ref outputs);
            foreach (ObjectKey key in keys.Skip(1))
            {
                Put(key, ref key.Kind == ObjectKind.Years ? ref years : ref recoveries);
            }

            void Put(ObjectKey key, ref byte[] hashes)
            {
                hashes = hashes.Length == 0 ? new byte[stage.Jobs * HashBytes] : hashes;
                Convert.FromHexString(key.Hash, hashes.AsSpan(job * HashBytes, HashBytes), out _, out _);
            }

            seconds[job] = cost.Seconds(stage, job);
        }

        return new Jobs(outputs, years, recoveries, seconds);
    }

    private static void AddOptional(List<ObjectKey> keys, string kind, byte[] hashes, int job)
    {
        if (hashes.Length > 0 && hashes.AsSpan(job * HashBytes, HashBytes).ContainsAnyExcept((byte)0))
        {
            keys.Add(new ObjectKey(kind, HashAt(hashes, job)));
        }
    }

    private static string HashAt(byte[] hashes, int job) => Convert.ToHexStringLower(hashes.AsSpan(job * HashBytes, HashBytes));

    private static string KindOf(RollupStage stage) => stage switch
    {
        RollupStage.Map => ObjectKind.Map,
        RollupStage.Reduce => ObjectKind.Reduce,
        _ => ObjectKind.Report,
    };

    /// <summary>The jobs of a stage.</summary>
    /// <param name="Outputs">The hash of each job's output.</param>
    /// <param name="Years">The hash of each job's year losses of deals and layers, zeros where it has none; empty where no job has any.</param>
    /// <param name="Recoveries">The hash of each job's recoveries, zeros where it has none; empty where no job has any.</param>
    /// <param name="Seconds">Expected core-seconds of each job.</param>
    private sealed record Jobs(byte[] Outputs, byte[] Years, byte[] Recoveries, double[] Seconds);
}

internal sealed record ExecutionPlanHead(string Portfolio, IReadOnlyList<PlanStage> Stages);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ExecutionPlanHead))]
internal sealed partial class ExecutionPlanJson : JsonSerializerContext;
