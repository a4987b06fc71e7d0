using System.Globalization;
using Microsoft.Extensions.Options;
using RiskDurable.Functions.Hosting;
using RiskDurable.Functions.Http;
using RiskDurable.Functions.Rollup;
using RiskDurable.Portfolio;

namespace RiskDurable.Functions.Runs;

/// <summary>Runs over HTTP: list them, look at one, cancel one.</summary>
/// <param name="cancellation">Cancels.</param>
/// <param name="options">When a run is stuck or late.</param>
/// <param name="time">The clock.</param>
public sealed class RunApi(RunCancellation cancellation, IOptions<RiskOptions> options, TimeProvider time)
{
    private const int DefaultPage = 50;
    private const int LargestPage = 200;

    /// <summary>Lists runs, newest first. Query values: <c>status</c>, <c>portfolio</c>, <c>top</c>, <c>after</c>.</summary>
    /// <param name="request">The request.</param>
    /// <param name="client">Reads.</param>
    [Function(nameof(GetRuns))]
    public static Task<IResult> GetRuns(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/runs")] HttpRequest request,
        [DurableClient] DurableTaskClient client) => Answering.RunAsync(async () =>
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(client);
        (string? status, int top) = ReadQuery(request.Query);
        string? portfolio = request.Query["portfolio"];
        string? after = request.Query["after"];
        CancellationToken cancellationToken = request.HttpContext.RequestAborted;
        var all = new List<OrchestrationMetadata>();
        var query = new OrchestrationQuery(InstanceIdPrefix: RunIds.RollupPrefix, FetchInputsAndOutputs: true);
        await foreach (OrchestrationMetadata run in client.GetAllInstancesAsync(query).WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            if (run.Name == nameof(RiskRollup))
            {
                all.Add(run);
            }
        }

        var reader = new RunReader(client, new ApiLinks(request));
        IEnumerable<OrchestrationMetadata> ordered = all
            .OrderByDescending(run => run.CreatedAt).ThenByDescending(run => run.InstanceId, StringComparer.Ordinal);
        if (after is not null)
        {
            if (!all.Exists(run => run.InstanceId == after))
            {
                throw new BadInputException([new Problem(ApiProblem.Address, "after", $"There is no run '{after}' to list on from; it may have been purged. Begin again without 'after'.")]);
            }

            ordered = ordered.SkipWhile(run => run.InstanceId != after).Skip(1);
        }

        var page = new List<RunSummary>();
        foreach (OrchestrationMetadata run in ordered)
        {
            RunSummary summary = await reader.SummarizeAsync(run, cancellationToken).ConfigureAwait(false);
            if ((status is not null && summary.Status != status) || (portfolio is not null && summary.Portfolio != portfolio))
            {
                continue;
            }

            if (page.Count == top)
            {
                return ApiJson.Answer(new RunList(page, NextOf(request, status, portfolio, top, page[^1].Id)));
            }

            page.Add(summary);
        }

        return ApiJson.Answer(new RunList(page, null));
    });

    /// <summary>Shows a run.</summary>
    /// <param name="request">The request.</param>
    /// <param name="id">The run.</param>
    /// <param name="client">Reads.</param>
    [Function(nameof(GetRun))]
    public async Task<IResult> GetRun(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/runs/{id}")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client)
    {
        ArgumentNullException.ThrowIfNull(request);
        CancellationToken cancellationToken = request.HttpContext.RequestAborted;
        return await RunReader.FindAsync(client, id, cancellationToken).ConfigureAwait(false) is { } run
            ? ApiJson.Answer(await new RunReader(client, new ApiLinks(request)).DescribeAsync(run, options.Value, time.GetUtcNow(), cancellationToken).ConfigureAwait(false))
            : UnknownRun(id);
    }

    /// <summary>Cancels a run: no further job starts. 202 with the run's address; its status becomes <c>cancelled</c>.</summary>
    /// <param name="request">The request.</param>
    /// <param name="id">The run.</param>
    /// <param name="client">Steers.</param>
    [Function(nameof(DeleteRun))]
    public async Task<IResult> DeleteRun(
        [HttpTrigger(AuthorizationLevel.Function, "delete", Route = "api/runs/{id}")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client)
    {
        ArgumentNullException.ThrowIfNull(request);
        CancellationToken cancellationToken = request.HttpContext.RequestAborted;
        if (await RunReader.FindAsync(client, id, cancellationToken).ConfigureAwait(false) is not { } run)
        {
            return UnknownRun(id);
        }

        var links = new ApiLinks(request);
        if (run.IsCompleted)
        {
            string state = await new RunReader(client, links).StateOfAsync(run, RunReader.StatusOf(run), cancellationToken).ConfigureAwait(false);
            if (state != RunStates.Cancelled)
            {
                return ApiProblem.Conflict($"Run '{id}' has ended: it is {state}, there is nothing to cancel.");
            }
        }
        else
        {
            await cancellation.CancelAsync(client, id, Caller.Of(request), cancellationToken).ConfigureAwait(false);
        }

        request.HttpContext.Response.Headers.Location = links.Run(id);
        return ApiJson.Answer(new CancelledRun(id, run.IsCompleted ? RunStates.Cancelled : RunStates.Cancelling, links.Run(id)), StatusCodes.Status202Accepted);
    }

    internal static IResult UnknownRun(string id) => ApiProblem.NotFound($"There is no run '{id}'. GET api/runs lists the runs.");

    private static (string? Status, int Top) ReadQuery(IQueryCollection query)
    {
        var problems = new List<Problem>();
        string? status = query["status"];
        if (status is not null && !RunStates.All.Contains(status))
        {
            problems.Add(new Problem(ApiProblem.Address, "status", $"'{status}' is no status; {string.Join(", ", RunStates.All)} are."));
        }

        int top = DefaultPage;
        if (query["top"].ToString() is { Length: > 0 } text
            && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out top) || top is < 1 or > LargestPage))
        {
            problems.Add(new Problem(ApiProblem.Address, "top", $"'{text}' is no whole number from 1 to {LargestPage}."));
        }

        return problems.Count == 0 ? (status, top) : throw new BadInputException(problems);
    }

    private static string NextOf(HttpRequest request, string? status, string? portfolio, int top, string last)
    {
        string filter = (status is null ? "" : $"&status={status}") + (portfolio is null ? "" : $"&portfolio={Uri.EscapeDataString(portfolio)}");
        return new ApiLinks(request).Runs(string.Create(CultureInfo.InvariantCulture, $"top={top}{filter}&after={Uri.EscapeDataString(last)}"));
    }
}

/// <summary>A run that is being cancelled.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Status"><c>cancelling</c> or <c>cancelled</c>.</param>
/// <param name="RunUri">Its address.</param>
public sealed record CancelledRun(string Id, string Status, string RunUri);
