using System.Globalization;
using RiskDurable.Execution.Analytics;
using RiskDurable.Execution.Storage;
using RiskDurable.Execution.Telemetry;
using RiskDurable.Functions.Hosting;
using RiskDurable.Functions.Http;
using RiskDurable.Functions.Runs;
using RiskDurable.Portfolio.Reading;

namespace RiskDurable.Functions.DealAnalytics;

/// <summary>Deal analytics over HTTP.</summary>
/// <param name="store">Where manifests are.</param>
/// <param name="published">Rollups that completed.</param>
/// <param name="library">Analyzers in memory.</param>
/// <param name="documents">Requests and answers.</param>
/// <param name="time">The clock.</param>
public sealed class DealAnalyticsApi(IObjectStore store, PublishedRuns published, AnalyzerLibrary library, AnalysisDocuments documents, TimeProvider time)
{
    private const int LargestBody = 1024 * 1024;

    /// <summary>Analyses deals: at once where the caller waits and it is fast enough, else later.</summary>
    /// <param name="request">The request.</param>
    /// <param name="client">Starts the orchestration.</param>
    [Function(nameof(PostDealAnalytics))]
    public Task<IResult> PostDealAnalytics(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/deals/analytics")] HttpRequest request,
        [DurableClient] DurableTaskClient client) => Answering.RunAsync(async () =>
    {
        ArgumentNullException.ThrowIfNull(request);
        DateTimeOffset asked = time.GetUtcNow();
        CancellationToken cancellationToken = request.HttpContext.RequestAborted;
        if (await RequestContent.ReadAsync(request, LargestBody).ConfigureAwait(false) is not { } json)
        {
            return ApiProblem.TooLarge(LargestBody);
        }

        TimeSpan wait = PreferredWait.Of(request);
        string? key = IdempotencyKey.Read(request);
        (AnalysisBase? found, IResult? refusal) = await ReadAsync(client, json, cancellationToken).ConfigureAwait(false);
        if (found is null)
        {
            return refusal!;
        }

        string document = await documents.WriteRequestAsync(json, cancellationToken).ConfigureAwait(false);
        var order = new AnalysisOrder(found, document, Caller.Of(request), asked, RiskTelemetry.TraceParent);
        string id = key is null ? RunIds.NewAnalysis(asked) : RunIds.AnalysisPrefix + key;

        // A later rollup of the portfolio may have completed since the first request with the same key: it is the same request all the same.
        bool isStarted = await Answering.StartOnceAsync(
            client, nameof(DealAnalytics), order, id, static order => order with { Base = null!, AskedAt = null, TraceParent = null }, cancellationToken).ConfigureAwait(false);
        if (!isStarted)
        {
            return ApiProblem.KeyReused(key ?? id);
        }

        PreferredWait.Confirm(request, wait);
        return await InstanceEnd.WaitAsync(client, id, wait, cancellationToken).ConfigureAwait(false) is { } ended
            ? await AnswerAsync(ended, cancellationToken).ConfigureAwait(false)
            : Accepted(client, id, request);
    });

    /// <summary>The answer to an earlier request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="client">Reads the orchestration.</param>
    /// <param name="id">Its id.</param>
    [Function(nameof(GetDealAnalytics))]
    public Task<IResult> GetDealAnalytics(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/deals/analytics/{id}")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        string id) => Answering.RunAsync(async () =>
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(id);
        CancellationToken cancellationToken = request.HttpContext.RequestAborted;
        TimeSpan wait = PreferredWait.Of(request);
        OrchestrationMetadata? instance = id.StartsWith(RunIds.AnalysisPrefix, StringComparison.Ordinal)
            ? await client.GetInstanceAsync(id, getInputsAndOutputs: true, cancellationToken).ConfigureAwait(false)
            : null;
        if (instance?.Name != nameof(DealAnalytics))
        {
            return ApiProblem.NotFound($"There is no analysis '{id}'.");
        }

        PreferredWait.Confirm(request, wait);
        OrchestrationMetadata? ended = instance.IsCompleted ? instance : await InstanceEnd.WaitAsync(client, id, wait, cancellationToken).ConfigureAwait(false);
        return ended is null ? Accepted(client, id, request) : await AnswerAsync(ended, cancellationToken).ConfigureAwait(false);
    });

    private static IResult Accepted(DurableTaskClient client, string id, HttpRequest request) =>
        (CheckStatus.Of(client, id) with { AnalysisUri = new ApiLinks(request).Analysis(id) }).Accepted(request.HttpContext.Response);

    /// <summary>Reads a request as far as to know that it can be answered.</summary>
    private async Task<(AnalysisBase? Base, IResult? Refusal)> ReadAsync(DurableTaskClient client, byte[] json, CancellationToken cancellationToken)
    {
        using AnalysisRequestReader reader = AnalysisRequestReader.Open(json, ApiProblem.Body);
        if (reader.Portfolio is null)
        {
            reader.Read(null);
        }

        (AnalysisBase? found, IResult? refusal) = await AnalysisBase.FindAsync(client, store, published, reader.Portfolio!, cancellationToken).ConfigureAwait(false);
        if (found is null)
        {
            return (null, refusal);
        }

        try
        {
            reader.Read((await library.AnalyzerOfAsync(found.Plan).ConfigureAwait(false)).Portfolio);
            return (found, null);
        }
        catch (UnreadableObjectException unreadable)
        {
            return (null, Lacking(unreadable.Message));
        }
    }

    private async Task<IResult> AnswerAsync(OrchestrationMetadata ended, CancellationToken cancellationToken)
    {
        if (ended.RuntimeStatus != OrchestrationRuntimeStatus.Completed)
        {
            return ApiProblem.Failed(string.Create(
                CultureInfo.InvariantCulture, $"Analysis {ended.InstanceId} {ended.RuntimeStatus}: {ended.FailureDetails?.ErrorMessage} Send the request again."));
        }

        AnalysisOutcome outcome = ended.ReadOutputAs<AnalysisOutcome>()!;
        if (outcome.Analysis is not { } analysis)
        {
            return Lacking(outcome.Missing!);
        }

        try
        {
            return Results.Bytes(await documents.ReadAsync(analysis, cancellationToken).ConfigureAwait(false), ApiJson.MediaType);
        }
        catch (UnreadableObjectException)
        {
            return ApiProblem.Gone($"The answer of analysis {ended.InstanceId} is not in the store any more: send the request again.");
        }
    }

    private static IResult Lacking(string what) =>
        ApiProblem.Conflict($"The rollup's data are not complete: {what}. Run the rollup again with POST /api/rollups; only what is missing runs.");
}
