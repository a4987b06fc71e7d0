using System.Diagnostics;
using RiskDurable.Execution.Packing;
using RiskDurable.Execution.Planning;
using RiskDurable.Execution.Results;
using RiskDurable.Execution.Storage;
using RiskDurable.Portfolio.Files;

namespace RiskDurable.Execution.Running;

/// <summary>What a rollup in process needs to know.</summary>
/// <param name="Portfolio">The portfolio's folder.</param>
/// <param name="ResultFolder">Where the result files go.</param>
/// <param name="DataFolder">Where objects and scratch files go.</param>
/// <param name="Settings">What is asked.</param>
/// <param name="Pack">How to pack.</param>
/// <param name="Threads">Jobs at the same time, at least 1.</param>
/// <param name="Csv">Whether to write <c>ylt.csv</c>.</param>
public sealed record DirectRunRequest(
    string Portfolio, string ResultFolder, string DataFolder, RollupSettings Settings, PackSettings Pack, int Threads, bool Csv);

/// <summary>Told how a rollup in process goes; called from several threads, one at a time.</summary>
public interface IRunObserver
{
    /// <summary>The portfolio is being packed.</summary>
    /// <param name="progress">How far.</param>
    void Packing(PackProgress progress);

    /// <summary>The plan stands.</summary>
    /// <param name="plan">The plan.</param>
    void Planned(RollupPlan plan);

    /// <summary>A stage moved.</summary>
    /// <param name="progress">Its state.</param>
    void Running(StageProgress progress);

    /// <summary>Result files are being written.</summary>
    /// <param name="fraction">From 0 to 1.</param>
    void Writing(double fraction);
}

/// <summary>Packs, plans, runs and writes a rollup in process, without a durable host.</summary>
public static class DirectRun
{
    /// <summary>Runs a rollup of a folder.</summary>
    /// <param name="request">What to run.</param>
    /// <param name="observer">Told how it goes, or null.</param>
    /// <param name="cancellationToken">Stops; what was stored by then is used the next time.</param>
    /// <exception cref="Portfolio.BadInputException">The portfolio is not sound; nothing was written to the results folder.</exception>
    /// <exception cref="RollupFailedException">Jobs failed; <c>plan.json</c> says which.</exception>
    public static async Task<(RunRecord Record, RollupReport Report)> ExecuteAsync(
        DirectRunRequest request, IRunObserver? observer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        DateTimeOffset startedAt = DateTimeOffset.UtcNow;
        string runId = FormattableString.Invariant($"run-{startedAt:yyyyMMdd-HHmmss}-{Guid.NewGuid().ToString("N")[..6]}");
        var store = new DiskObjectStore(Path.Combine(request.DataFolder, "objects"));
        var watch = Stopwatch.StartNew();
        var packer = new PortfolioPacker(
            store, new DiskDocumentStore(Path.Combine(request.DataFolder, "documents")), request.Pack, Path.Combine(request.DataFolder, "work"));
        PackedPortfolio packed = await packer.PackAsync(
            new FolderFiles(request.Portfolio), Relay<PackProgress>.To(observer is null ? null : observer.Packing), cancellationToken).ConfigureAwait(false);
        double packSeconds = watch.Elapsed.TotalSeconds;

        RollupPlan plan = RollupPlan.Create(
            packed.Manifest, await packed.Manifest.ReadDealsAsync(store, cancellationToken).ConfigureAwait(false), request.Settings);
        observer?.Planned(plan);
        var runner = new JobRunner(store, new TableCache(store), plan);
        RunEstimate estimate = await RunEstimate.OfAsync(runner, cancellationToken).ConfigureAwait(false);
        watch.Restart();
        RunRecord Record(string status, IReadOnlyList<StageProgress> stages, double seconds, double writeSeconds, RollupFailedException? failed) => new(
            runId,
            packed.Manifest.Portfolio,
            status,
            [.. stages.Select(stage => StageRecord.Of(stage, "in-process"))],
            estimate,
            new RunActual(startedAt, seconds, packSeconds, writeSeconds, stages.Sum(stage => stage.Hits), request.Threads),
            failed is null ? null : [.. failed.Failures.Select(failure => $"{failure.Job}: {failure.Cause.Message}")]);

        try
        {
            IReadOnlyList<StageProgress> stages = await new DirectRollup(runner, store, request.Threads)
                .RunAsync(Relay<StageProgress>.To(observer is null ? null : observer.Running), cancellationToken).ConfigureAwait(false);
            double seconds = watch.Elapsed.TotalSeconds;
            watch.Restart();
            RollupReport report = await new ResultWriter(store, plan, packed.Hash).WriteAsync(
                request.ResultFolder, runId, DateTimeOffset.UtcNow, request.Csv, Relay<double>.To(observer is null ? null : observer.Writing), cancellationToken)
                .ConfigureAwait(false);
            RunRecord record = Record("completed", stages, seconds, watch.Elapsed.TotalSeconds, null);
            ResultWriter.WritePlan(request.ResultFolder, record);
            return (record, report);
        }
        catch (RollupFailedException failed)
        {
            ResultWriter.WritePlan(request.ResultFolder, Record("failed", failed.Stages, watch.Elapsed.TotalSeconds, 0, failed));
            throw;
        }
    }

    private sealed class Relay<T>(Action<T> report) : IProgress<T>
    {
        public static Relay<T>? To(Action<T>? report) => report is null ? null : new Relay<T>(report);

        public void Report(T value) => report(value);
    }
}
