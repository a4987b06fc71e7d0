using System.Globalization;
using Microsoft.Net.Http.Headers;
using RiskDurable.Execution.Planning;
using RiskDurable.Execution.Results;
using RiskDurable.Execution.Storage;
using RiskDurable.Functions.Http;
using RiskDurable.Functions.Rollup;
using RiskDurable.Portfolio;
using RiskDurable.Portfolio.Results;

namespace RiskDurable.Functions.Runs;

/// <summary>Results over HTTP: a node's metrics with its children, and its curves.</summary>
/// <param name="library">Plans in memory.</param>
/// <param name="store">Where the results are.</param>
public sealed class NodeApi(PlanLibrary library, IObjectStore store)
{
    private const int LargestPage = 1000;

    /// <summary>Shows a node, or its curves where the address ends in <c>curve</c>. Results of a run never change: they have an ETag.</summary>
    /// <param name="request">The request.</param>
    /// <param name="id">The run.</param>
    /// <param name="path">The node's path without the leading slash, percent-encoded; then perhaps <c>curve</c>.</param>
    /// <param name="client">Reads the run.</param>
    [Function(nameof(GetNode))]
    public Task<IResult> GetNode(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/runs/{id}/nodes/{*path}")] HttpRequest request,
        string id,
        string? path,
        [DurableClient] DurableTaskClient client) => Answering.RunAsync(async () =>
    {
        ArgumentNullException.ThrowIfNull(request);
        CancellationToken cancellationToken = request.HttpContext.RequestAborted;
        if (await RunReader.FindAsync(client, id, cancellationToken).ConfigureAwait(false) is not { } run)
        {
            return RunApi.UnknownRun(id);
        }

        var links = new ApiLinks(request);
        RollupStatus? status = RunReader.StatusOf(run);
        string state = await new RunReader(client, links).StateOfAsync(run, status, cancellationToken).ConfigureAwait(false);
        if (state != RunStates.Completed)
        {
            return ApiProblem.Conflict($"Run '{id}' is {state}; it has results once it is {RunStates.Completed}. See {links.Run(id)}.");
        }

        try
        {
            RollupPlan plan = (await library.RunnerOfAsync(status!.Plan!).ConfigureAwait(false)).Plan;
            NodeAddress address = NodeAddress.Parse(path);
            return address.Find(plan.Nodes, out int group) is { } node
                ? await AnswerAsync(request, new Found(id, plan, node, group, links), address.IsCurve, cancellationToken).ConfigureAwait(false)
                : ApiProblem.NotFound($"Run '{id}' has no node '/{address.Path}' at its level. Its results begin at {links.Node(id, NodePath.Root)}.");
        }
        catch (UnreadableObjectException gone)
        {
            return ApiProblem.Gone($"{gone.Message} POST the same rollup to {links.Rollups} again: only what is missing runs.");
        }
    });

    private async Task<IResult> AnswerAsync(HttpRequest request, Found found, bool isCurve, CancellationToken cancellationToken)
    {
        bool isCsv = isCurve && IsCsv(request);
        int skip = isCurve ? 0 : ReadSkip(request);

        // The report's key stands for everything that is shown; addresses differ in the rest.
        var tag = new EntityTagHeaderValue($"\"{found.Plan.ReportKey(found.Group).Hash[..32]}\"");
        ResponseHeaders(request.HttpContext.Response).ETag = tag;
        request.HttpContext.Response.Headers.CacheControl = "private, no-cache";
        if (request.GetTypedHeaders().IfNoneMatch.Any(known => known.Compare(tag, useStrongComparison: false) || known.Equals(EntityTagHeaderValue.Any)))
        {
            return Results.StatusCode(StatusCodes.Status304NotModified);
        }

        ReportedNode metrics = await new NodeReports(store, found.Plan).ReadAsync(found.Node, found.Group, cancellationToken).ConfigureAwait(false);
        if (isCsv)
        {
            return Results.Bytes(Csv(metrics), "text/csv; charset=utf-8");
        }

        return isCurve
            ? ApiJson.Answer(new CurveView(found.RunId, metrics.Node, found.Plan.Manifest.Currency, found.Plan.Manifest.Trials, metrics.Curves))
            : ApiJson.Answer(ViewOf(found, metrics, skip));
    }

    private static Microsoft.AspNetCore.Http.Headers.ResponseHeaders ResponseHeaders(HttpResponse response) => response.GetTypedHeaders();

    private static NodeView ViewOf(Found found, ReportedNode metrics, int skip)
    {
        NodePath path = found.Node.Path;
        IReadOnlyList<ReportNode> children = found.Plan.Nodes.ChildrenOf(path);
        string self = found.Links.Node(found.RunId, path);
        string curve = found.Links.Curve(found.RunId, path);
        return new NodeView(
            found.RunId,
            metrics.Node,
            metrics.Kind,
            found.Plan.Manifest.Currency,
            found.Plan.Manifest.Trials,
            metrics,
            [.. children.Skip(skip).Take(LargestPage).Select(child =>
                new ChildView(child.Path.Text, child.Kind, child.Name, found.Links.Node(found.RunId, child.Path)))],
            children.Count,
            new NodeLinks(
                self,
                path.Parent() is { } parent ? found.Links.Node(found.RunId, parent) : null,
                curve,
                curve + "?format=csv",
                found.Links.Run(found.RunId),
                skip + LargestPage < children.Count ? string.Create(CultureInfo.InvariantCulture, $"{self}?skip={skip + LargestPage}") : null));
    }

    private static byte[] Csv(ReportedNode node)
    {
        using var text = new MemoryStream();
        using var writer = new EptCsvWriter(text);
        foreach (ReportedCurve curve in node.Curves.OrderBy(curve => curve.EpType))
        {
            writer.Write(node.Node, curve.EpType, [.. curve.Points.Select(point => point.ReturnPeriod)], [.. curve.Points.Select(point => point.Loss)]);
        }

        writer.Complete();
        return text.ToArray();
    }

    private static bool IsCsv(HttpRequest request) => request.Query["format"].ToString() switch
    {
        "" or "json" => false,
        "csv" => true,
        var other => throw new BadInputException([new Problem(ApiProblem.Address, "format", $"'{other}' is no format; json and csv are.")]),
    };

    private static int ReadSkip(HttpRequest request)
    {
        string text = request.Query["skip"].ToString();
        if (text.Length == 0)
        {
            return 0;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int skip)
            ? skip
            : throw new BadInputException([new Problem(ApiProblem.Address, "skip", $"'{text}' is no whole number of children to pass over.")]);
    }

    private sealed record Found(string RunId, RollupPlan Plan, ReportNode Node, int Group, ApiLinks Links);
}
