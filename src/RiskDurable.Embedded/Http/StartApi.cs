using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using RiskDurable.Embedded.DurableTask;
using RiskDurable.Embedded.DurableTask.Client;
using RiskDurable.Embedded.Engine;
using RiskDurable.Embedded.Functions;

namespace RiskDurable.Embedded.Http;

/// <summary>Starts and restarts orchestrations by HTTP.</summary>
internal sealed class StartApi(DurableEngine engine, IReadOnlyList<FunctionDescriptor> functions, string hubName, TimeProvider time)
{
    private const string SecondsToNextLook = "10";

    private readonly HashSet<string> _orchestrators = functions
        .Where(function => function.Kind == TriggerKind.Orchestration)
        .Select(function => function.DurableName)
        .ToHashSet(StringComparer.OrdinalIgnoreCase);

    private DurableTaskClient Client => engine.Client;

    public async Task<IResult> StartAsync(HttpRequest request, string name, string? instanceId)
    {
        if (!_orchestrators.Contains(name))
        {
            throw new ArgumentException($"The function '{name}' doesn't exist, is disabled, or is not an orchestrator function.", nameof(name));
        }

        CancellationToken cancellation = request.HttpContext.RequestAborted;
        object? input = null;
        if (request.ContentLength is not (null or 0) || request.Headers.TransferEncoding.Count > 0)
        {
            try
            {
                input = await JsonSerializer.DeserializeAsync<JsonElement>(request.Body, cancellationToken: cancellation);
            }
            catch (JsonException)
            {
                return ManagementResult.Error(StatusCodes.Status400BadRequest, "Invalid JSON content");
            }
        }

        if (instanceId is not null && await Client.GetInstanceAsync(instanceId, cancellation) is { IsCompleted: false } existing)
        {
            throw new InvalidOperationException($"An Orchestration instance with the status {existing.RuntimeStatus} already exists.");
        }

        string id = await Client.ScheduleNewOrchestrationInstanceAsync(name, input, new StartOrchestrationOptions(instanceId), cancellation);
        return await AnswerAsync(request, id);
    }

    public async Task<IResult> RestartAsync(HttpRequest request, string instanceId)
    {
        try
        {
            bool withNewId = ManagementQuery.Flag(request, "restartWithNewInstanceId") ?? true;
            string id = await Client.RestartAsync(instanceId, withNewId, request.HttpContext.RequestAborted);
            return await AnswerAsync(request, id);
        }
        catch (ArgumentException)
        {
            return ManagementResult.Error(StatusCodes.Status400BadRequest, "InstanceId does not match a valid orchestration instance.");
        }
    }

    /// <summary>At once, or after waiting for the end as long as the caller asks for.</summary>
    private async Task<IResult> AnswerAsync(HttpRequest request, string id)
    {
        if (ManagementQuery.Seconds(request, "timeout") is not { } timeout || ManagementQuery.Seconds(request, "pollingInterval") is not { } polling)
        {
            return CheckStatus(request, id);
        }

        if (polling > timeout)
        {
            throw new ArgumentException($"Total timeout {timeout.TotalSeconds} should be bigger than retry timeout {polling.TotalSeconds}");
        }

        using var limit = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, request.HttpContext.RequestAborted);
        try
        {
            OrchestrationMetadata ended = await Client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true, either.Token);
            return ended.RuntimeStatus == OrchestrationRuntimeStatus.Completed
                ? ManagementResult.Body(StatusCodes.Status200OK, ManagementResult.Parse(ended.SerializedOutput))
                : ManagementResult.Body(StatusCodes.Status200OK, InstanceApi.StatusOf(ended, showInput: true));
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return CheckStatus(request, id);
        }
    }

    private IResult CheckStatus(HttpRequest request, string id)
    {
        string instance = $"{request.Scheme}://{request.Host}{ManagementEndpoints.Root}/instances/{WebUtility.UrlEncode(id)}";
        string suffix = $"taskHub={WebUtility.UrlEncode(hubName)}&connection=Storage";
        if (engine.ManagementBaseUrl is { } root && root.IndexOf('?', StringComparison.Ordinal) is var query and >= 0)
        {
            suffix += $"&{root[(query + 1)..]}";
        }

        string status = $"{instance}?{suffix}";
        return ManagementResult.Body(StatusCodes.Status202Accepted, new JsonObject
        {
            ["id"] = id,
            ["statusQueryGetUri"] = status,
            ["sendEventPostUri"] = $"{instance}/raiseEvent/{{eventName}}?{suffix}",
            ["terminatePostUri"] = $"{instance}/terminate?reason={{text}}&{suffix}",
            ["purgeHistoryDeleteUri"] = status,
            ["restartPostUri"] = $"{instance}/restart?{suffix}",
            ["suspendPostUri"] = $"{instance}/suspend?reason={{text}}&{suffix}",
            ["resumePostUri"] = $"{instance}/resume?reason={{text}}&{suffix}",
        }).With(("Location", status), ("Retry-After", SecondsToNextLook));
    }
}
