using System.Diagnostics;
using RiskDurable.Execution.Analytics;
using RiskDurable.Execution.Running;
using RiskDurable.Execution.Storage;
using RiskDurable.Execution.Telemetry;
using RiskDurable.Functions.Hosting;
using RiskDurable.Functions.Runs;
using RiskDurable.Kernel;
using RiskDurable.Portfolio.Model;
using RiskDurable.Portfolio.Reading;

namespace RiskDurable.Functions.DealAnalytics;

/// <summary>Analyses deals against a rolled-up portfolio, durably: who asked may go, and come back for the answer.</summary>
/// <param name="library">Analyzers in memory.</param>
/// <param name="documents">Requests and answers.</param>
/// <param name="way">Is taken while an analysis is computed.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Told of what is missing.</param>
public sealed class DealAnalytics(
    AnalyzerLibrary library, AnalysisDocuments documents, RightOfWay way, TimeProvider time, ILogger<DealAnalytics> logger)
{
    /// <summary>Runs an analysis.</summary>
    /// <param name="context">The orchestration.</param>
    [Function(nameof(DealAnalytics))]
    public static async Task<AnalysisOutcome> Run([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        AnalysisOrder order = context.GetInput<AnalysisOrder>()!;
        try
        {
            AnalysisOutcome outcome = await context.CallActivityAsync<AnalysisOutcome>(nameof(AnalyzeDeals), order, Retrying.Options);
            Record(context, order, outcome.Analysis is null ? "lacking" : "answered");
            return outcome;
        }
        catch (TaskFailedException)
        {
            Record(context, order, "failed");
            throw;
        }
    }

    /// <summary>Simulates the deals, compares, and stores the answer. Runs in a lane of its own, so that no rollup delays it.</summary>
    /// <param name="order">What is asked.</param>
    /// <param name="cancellationToken">Stops.</param>
    [Function(nameof(AnalyzeDeals))]
    public async Task<AnalysisOutcome> AnalyzeDeals([ActivityTrigger] AnalysisOrder order, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(order);
        if (order.AskedAt is { } asked)
        {
            RollupMetrics.RecordQueueWait(nameof(AnalyzeDeals), time.GetUtcNow() - asked);
        }

        long started = Stopwatch.GetTimestamp();
        using IDisposable taken = way.Take();
        using IDisposable? scope = order.Base.RunId is { } runId ? logger.BeginRun(runId) : null;
        var outcome = new AnalysisOutcome(null, null, order.Base.RunId, order.Base.Plan.Manifest, KernelVersion.Current);
        try
        {
            DealAnalyzer analyzer = await library.AnalyzerOfAsync(order.Base.Plan).ConfigureAwait(false);
            byte[] json = await documents.ReadRequestAsync(order.Request, cancellationToken).ConfigureAwait(false);
            using AnalysisRequestReader reader = AnalysisRequestReader.Open(json);
            AnalysisRequest request = reader.Read(analyzer.Portfolio);
            using Activity? span = RiskTelemetry.Start("deals analyze", order.TraceParent);
            span?.SetTag("riskdurable.deals", request.Deals.Count);
            DealAnalysis analysis = await analyzer.AnalyzeAsync(request, order.Base.Plan.Manifest, order.Base.RunId, cancellationToken).ConfigureAwait(false);
            outcome = outcome with { Analysis = await documents.WriteAsync(analysis, cancellationToken).ConfigureAwait(false) };
            DealMetrics.RecordComputing(Stopwatch.GetElapsedTime(started));
            return outcome;
        }
        catch (UnreadableObjectException unreadable)
        {
            logger.LogWarning(unreadable, "An analysis against run {RunId} lacks an object.", order.Base.RunId);
            return outcome with { Missing = unreadable.Message };
        }
    }

    private static void Record(TaskOrchestrationContext context, AnalysisOrder order, string outcome)
    {
        if (!context.IsReplaying && order.AskedAt is { } asked)
        {
            DealMetrics.RecordAnalysis(outcome, new DateTimeOffset(context.CurrentUtcDateTime, TimeSpan.Zero) - asked);
        }
    }
}
