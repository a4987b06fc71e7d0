using RiskDurable.Execution.Running;
using RiskDurable.Execution.Storage;
using RiskDurable.Functions.Hosting;

namespace RiskDurable.Functions.Rollup;

/// <summary>A batch of jobs while it runs.</summary>
internal sealed class BatchRun
{
    private const int MostFailures = 5;

    private readonly List<int> _failed = [];
    private readonly List<string> _failures = [];
    private readonly List<string> _permanent = [];
    private int _permanentlyFailed;

    /// <summary>Jobs that ran, ascending.</summary>
    public List<int> Ran { get; } = [];

    /// <summary>What they wrote.</summary>
    public List<ObjectKey> Written { get; } = [];

    /// <summary>Inputs that could not be read.</summary>
    public HashSet<ObjectKey> Lost { get; } = [];

    /// <summary>Occurrences with a loss that layers visited.</summary>
    public long Hits { get; private set; }

    /// <summary>Whether jobs were left out because the run was cancelled.</summary>
    public bool IsCancelled { get; set; }

    public void Add(int job, IReadOnlyList<ObjectKey> outputs, JobOutcome outcome)
    {
        Ran.Add(job);
        Written.AddRange(outputs);
        Hits += outcome.Hits;
    }

    public void Fail(int job, Exception failure)
    {
        bool isPermanent = Retrying.IsPermanent(failure);
        if (isPermanent)
        {
            _permanentlyFailed++;
        }
        else
        {
            _failed.Add(job);
        }

        List<string> failures = isPermanent ? _permanent : _failures;
        if (failures.Count < MostFailures)
        {
            failures.Add(Cut($"job {job}: {failure.GetType().FullName}: {failure.Message}"));
        }
    }

    public BatchOutcome Outcome() => new(
        new JobsOutcome(Ran.Count, 0, Hits, _permanentlyFailed, _permanent, [.. Lost.Select(key => key.Name)], IsCancelled), JobRanges.Format(_failed), _failures);

    /// <summary>A failure in words, cut: history is read again at every replay, and holds no long texts.</summary>
    public static string Cut(string text) => text.Length <= 1000 ? text : text[..1000] + "...";
}
