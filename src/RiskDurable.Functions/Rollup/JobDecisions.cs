using System.Text.Json;
using RiskDurable.Execution.Planning;
using RiskDurable.Execution.Storage;
using RiskDurable.Functions.Cache;

namespace RiskDurable.Functions.Rollup;

/// <summary>Why each job of a plan was run, or was not; kept as an object in the store, to be asked for later.</summary>
/// <param name="Stages">The stages of the plan, in order.</param>
public sealed record JobDecisions(IReadOnlyList<StageDecisions> Stages)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Decides for every job of a plan.</summary>
    /// <param name="plan">The jobs.</param>
    /// <param name="answers">What the cache knows of their outputs.</param>
    /// <param name="earlier">Decisions of the round before, where one found outputs lost; null in the first round.</param>
    public static JobDecisions Of(ExecutionPlan plan, IReadOnlyDictionary<ObjectKey, CacheAnswer> answers, JobDecisions? earlier)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(answers);
        return new JobDecisions([.. plan.Stages.Select(stage =>
        {
            HashSet<int> cachedBefore = earlier is null ? [] : [.. JobRanges.Parse(earlier.Stages[stage.Index].JobsBecause(JobReason.Cached))];
            return new StageDecisions(stage.Kind.Name(), stage.Level, stage.Jobs, Enumerable.Range(0, stage.Jobs)
                .GroupBy(job => ReasonOf(plan.OutputsOf(stage, job), answers, cachedBefore.Contains(job)))
                .ToDictionary(reason => reason.Key, reason => JobRanges.Format(reason)));
        })]);
    }

    /// <summary>Stores the decisions under the hash of their bytes; returns the hash.</summary>
    /// <param name="store">Where they go.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async ValueTask<string> StoreAsync(IObjectStore store, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        byte[] bytes = JsonSerializer.SerializeToUtf8Bytes(this, Json);
        ObjectKey key = ObjectKey.OfContent(ObjectKind.Decisions, bytes);
        await store.WriteAsync(key, bytes, cancellationToken).ConfigureAwait(false);
        return key.Hash;
    }

    /// <summary>Reads decisions.</summary>
    /// <param name="store">Where they are.</param>
    /// <param name="hash">Their hash.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="UnreadableObjectException">They are missing or damaged.</exception>
    public static async ValueTask<JobDecisions> ReadAsync(IObjectStore store, string hash, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        var key = new ObjectKey(ObjectKind.Decisions, hash);
        try
        {
            return JsonSerializer.Deserialize<JobDecisions>(await store.ReadAsync(key, cancellationToken).ConfigureAwait(false), Json)
                ?? throw new UnreadableObjectException(key, "it is empty");
        }
        catch (JsonException damaged)
        {
            throw new UnreadableObjectException(key, damaged.Message);
        }
    }

    private static string ReasonOf(IReadOnlyList<ObjectKey> outputs, IReadOnlyDictionary<ObjectKey, CacheAnswer> answers, bool wasCached)
    {
        CacheAnswer worst = outputs.Max(output => answers[output]);
        return worst switch
        {
            CacheAnswer.There => JobReason.Cached,
            _ when wasCached => JobReason.Lost,
            CacheAnswer.Expired => JobReason.Expired,
            CacheAnswer.Unseen => JobReason.Unseen,
            _ => JobReason.Unanswered,
        };
    }
}

/// <summary>Why the jobs of a stage were run, or were not.</summary>
/// <param name="Name"><c>map</c>, <c>reduce</c> or <c>report</c>.</param>
/// <param name="Level">Level of a map stage.</param>
/// <param name="Jobs">Number of jobs.</param>
/// <param name="Reasons">Jobs by <see cref="JobReason"/>, as <see cref="JobRanges"/>.</param>
public sealed record StageDecisions(string Name, int Level, int Jobs, IReadOnlyDictionary<string, string> Reasons)
{
    /// <summary>The jobs that have a reason, as <see cref="JobRanges"/>.</summary>
    /// <param name="reason">One of <see cref="JobReason"/>.</param>
    public string JobsBecause(string reason) => Reasons.GetValueOrDefault(reason, "");

    /// <summary>The jobs that must run, ascending.</summary>
    public IEnumerable<int> Missing() => Reasons.Where(reason => reason.Key != JobReason.Cached).SelectMany(reason => JobRanges.Parse(reason.Value)).Order();
}

/// <summary>Reasons for running a job, or not.</summary>
public static class JobReason
{
    /// <summary>Not run: the cache had its output.</summary>
    public const string Cached = "cached";

    /// <summary>Run: the cache had its output, but its time was over.</summary>
    public const string Expired = "expired";

    /// <summary>Run: the cache has not seen its key. Something that its output depends on is new.</summary>
    public const string Unseen = "unseen";

    /// <summary>Run: the cache did not answer in time.</summary>
    public const string Unanswered = "unanswered";

    /// <summary>Run: the cache had its output, but it was missing from the store, or damaged.</summary>
    public const string Lost = "lost";

    /// <summary>All of them, with what they mean in a sentence.</summary>
    public static IReadOnlyDictionary<string, string> InWords { get; } = new Dictionary<string, string>
    {
        [Cached] = "The output was there: nothing that it depends on has changed.",
        [Unseen] = "The key is new: terms, tables, rates inside the subject, an upstream layer or the kernel changed since, or it was never run here.",
        [Expired] = "The output was there once, but was not used for so long that the cache let it go.",
        [Unanswered] = "The cache did not answer in time, which counts as a miss.",
        [Lost] = "The cache knew the output, but the store had lost it, or it was damaged.",
    };
}
