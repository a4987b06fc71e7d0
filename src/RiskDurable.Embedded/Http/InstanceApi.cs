using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using RiskDurable.Embedded.DurableTask;
using RiskDurable.Embedded.DurableTask.Client;
using RiskDurable.Embedded.Engine;

namespace RiskDurable.Embedded.Http;

/// <summary>What the management API does with orchestration instances.</summary>
internal sealed class InstanceApi(DurableEngine engine, TimeProvider time)
{
    /// <summary>Some clients would otherwise ask again in a tight loop.</summary>
    private const string SecondsToNextLook = "5";

    private DurableTaskClient Client => engine.Client;

    public async Task<IResult> GetAsync(HttpRequest request, string id)
    {
        if (await Client.GetInstanceAsync(id, getInputsAndOutputs: true, request.HttpContext.RequestAborted) is not { } instance)
        {
            return ManagementResult.Status(StatusCodes.Status404NotFound);
        }

        bool showInput = ManagementQuery.Flag(request, "showInput") ?? true;
        JsonObject body = StatusOf(instance, showInput);
        if (ManagementQuery.Flag(request, "showHistory") == true && instance.RuntimeStatus != OrchestrationRuntimeStatus.Pending)
        {
            bool showOutput = ManagementQuery.Flag(request, "showHistoryOutput") ?? false;
            body["historyEvents"] = new InstanceHistory(engine.Runtime, showInput, showOutput).Read(instance);
        }

        switch (instance.RuntimeStatus)
        {
            case OrchestrationRuntimeStatus.Completed or OrchestrationRuntimeStatus.Terminated:
                return ManagementResult.Body(StatusCodes.Status200OK, body);
            case OrchestrationRuntimeStatus.Failed:
                bool asError = ManagementQuery.Flag(request, "returnInternalServerErrorOnFailure") ?? false;
                return ManagementResult.Body(asError ? StatusCodes.Status500InternalServerError : StatusCodes.Status200OK, body);
            default:
                return ManagementResult.Body(StatusCodes.Status202Accepted, body)
                    .With(("Location", request.GetEncodedUrl()), ("Retry-After", SecondsToNextLook));
        }
    }

    public async Task<IResult> ListAsync(HttpRequest request)
    {
        var query = new OrchestrationQuery(
            ManagementQuery.Time(request, "createdTimeFrom"), ManagementQuery.Time(request, "createdTimeTo"),
            ManagementQuery.Statuses(request, "runtimeStatus"), InstanceIdPrefix: request.Query["instanceIdPrefix"],
            PageSize: ManagementQuery.Number(request, "top") is { } top and > 0 ? top : OrchestrationQuery.DefaultPageSize,
            FetchInputsAndOutputs: true, ContinuationToken: ManagementQuery.ContinuationToken(request));
        bool showInput = ManagementQuery.Flag(request, "showInput") ?? true;
        var list = new JsonArray();
        string next = "";
        await foreach (Page<OrchestrationMetadata> page in Client.GetAllInstancesAsync(query).AsPages(query.ContinuationToken, query.PageSize))
        {
            foreach (OrchestrationMetadata instance in page.Values)
            {
                list.Add((JsonNode)StatusOf(instance, showInput));
            }

            next = page.ContinuationToken ?? "";
            break;
        }

        return ManagementResult.Body(StatusCodes.Status200OK, list).With((ManagementQuery.ContinuationHeader, next));
    }

    public async Task<IResult> PurgeAsync(HttpRequest request, string id)
    {
        CancellationToken cancellation = request.HttpContext.RequestAborted;
        if (await Client.GetInstanceAsync(id, cancellation) is null)
        {
            return ManagementResult.Status(StatusCodes.Status404NotFound);
        }

        return Purged(await Client.PurgeInstanceAsync(id, cancellation));
    }

    public async Task<IResult> PurgeManyAsync(HttpRequest request)
    {
        if (ManagementQuery.Time(request, "createdTimeFrom") is not { } from)
        {
            return ManagementResult.Body(StatusCodes.Status400BadRequest, "Please provide value for 'createdTimeFrom' parameter.");
        }

        var filter = new PurgeInstancesFilter(
            from, ManagementQuery.Time(request, "createdTimeTo") ?? time.GetUtcNow(), ManagementQuery.Statuses(request, "runtimeStatus"));
        PurgeResult result = await Client.PurgeAllInstancesAsync(filter, request.HttpContext.RequestAborted);
        return result.PurgedInstanceCount == 0 ? ManagementResult.Status(StatusCodes.Status404NotFound) : Purged(result);
    }

    public Task<IResult> TerminateAsync(HttpRequest request, string id) =>
        SteerAsync(request, id, reason => Client.TerminateInstanceAsync(id, reason, request.HttpContext.RequestAborted));

    public Task<IResult> SuspendAsync(HttpRequest request, string id) =>
        SteerAsync(request, id, reason => Client.SuspendInstanceAsync(id, reason, request.HttpContext.RequestAborted));

    public Task<IResult> ResumeAsync(HttpRequest request, string id) =>
        SteerAsync(request, id, reason => Client.ResumeInstanceAsync(id, reason, request.HttpContext.RequestAborted));

    public Task<IResult> RaiseEventAsync(HttpRequest request, string id, string eventName) =>
        WhileRunningAsync(request, id, async () =>
        {
            if (!request.HasJsonContentType())
            {
                return ManagementResult.Error(StatusCodes.Status400BadRequest, "Only application/json request content is supported");
            }

            try
            {
                JsonElement payload = await JsonSerializer.DeserializeAsync<JsonElement>(request.Body, cancellationToken: request.HttpContext.RequestAborted);
                await Client.RaiseEventAsync(id, eventName, payload, request.HttpContext.RequestAborted);
                return ManagementResult.Status(StatusCodes.Status202Accepted);
            }
            catch (JsonException)
            {
                return ManagementResult.Error(StatusCodes.Status400BadRequest, "Invalid JSON content");
            }
        });

    /// <summary>An instance as the real API writes it; null members are written too.</summary>
    public static JsonObject StatusOf(OrchestrationMetadata instance, bool showInput) => new()
    {
        ["name"] = instance.Name,
        ["instanceId"] = instance.InstanceId,
        ["runtimeStatus"] = instance.RuntimeStatus.ToString(),
        ["input"] = showInput ? ManagementResult.Parse(instance.SerializedInput) : null,
        ["customStatus"] = ManagementResult.Parse(instance.SerializedCustomStatus),
        ["output"] = ManagementResult.Parse(instance.SerializedOutput) ?? instance.FailureDetails?.ErrorMessage,
        ["createdTime"] = Format(instance.CreatedAt),
        ["lastUpdatedTime"] = Format(instance.LastUpdatedAt),
    };

    private Task<IResult> SteerAsync(HttpRequest request, string id, Func<string?, Task> steer) =>
        WhileRunningAsync(request, id, async () =>
        {
            await steer(request.Query["reason"]);
            return ManagementResult.Status(StatusCodes.Status202Accepted);
        });

    private async Task<IResult> WhileRunningAsync(HttpRequest request, string id, Func<Task<IResult>> then)
    {
        OrchestrationMetadata? instance = await Client.GetInstanceAsync(id, request.HttpContext.RequestAborted);
        return instance switch
        {
            null => ManagementResult.Status(StatusCodes.Status404NotFound),
            { IsCompleted: true } => ManagementResult.Status(StatusCodes.Status410Gone),
            _ => await then(),
        };
    }

    private static IResult Purged(PurgeResult result) =>
        ManagementResult.Body(StatusCodes.Status200OK, new JsonObject { ["instancesDeleted"] = result.PurgedInstanceCount });

    private static string Format(DateTimeOffset moment) => moment.UtcDateTime.ToString("s", CultureInfo.InvariantCulture) + "Z";
}
