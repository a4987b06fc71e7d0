using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using RiskDurable.Embedded.DurableTask;
using RiskDurable.Embedded.DurableTask.Client.Entities;
using RiskDurable.Embedded.DurableTask.Entities;
using RiskDurable.Embedded.Engine;

namespace RiskDurable.Embedded.Http;

/// <summary>What the management API does with entities.</summary>
internal sealed class EntityApi(DurableEngine engine)
{
    /// <summary>Stands for an empty key, which a path cannot hold.</summary>
    private const string EmptyKey = "$";

    private DurableEntityClient Entities => engine.Client.Entities;

    public async Task<IResult> GetAsync(HttpRequest request, string name, string key)
    {
        var id = new EntityInstanceId(name, key == EmptyKey ? "" : key);
        EntityMetadata? entity = await Entities.GetEntityAsync(id, includeState: true, request.HttpContext.RequestAborted);
        return entity is { IncludesState: true }
            ? ManagementResult.Body(StatusCodes.Status200OK, ManagementResult.Parse(entity.State.Value))
            : ManagementResult.Status(StatusCodes.Status404NotFound);
    }

    public async Task<IResult> ListAsync(HttpRequest request, string? name)
    {
        bool fetchState = ManagementQuery.Flag(request, "fetchState") ?? false;
        var query = new EntityQuery
        {
            InstanceIdStartsWith = name is null ? null : $"@{name.ToLowerInvariant()}@",
            LastModifiedFrom = ManagementQuery.Time(request, "lastOperationTimeFrom"),
            LastModifiedTo = ManagementQuery.Time(request, "lastOperationTimeTo"),
            PageSize = ManagementQuery.Number(request, "top") is { } top and > 0 ? top : EntityQuery.DefaultPageSize,
            IncludeState = fetchState,
            ContinuationToken = ManagementQuery.ContinuationToken(request),
        };
        var list = new JsonArray();
        string next = "";
        await foreach (Page<EntityMetadata> page in Entities.GetAllEntitiesAsync(query).AsPages(query.ContinuationToken, query.PageSize))
        {
            foreach (EntityMetadata entity in page.Values)
            {
                var item = new JsonObject
                {
                    ["entityId"] = new JsonObject { ["name"] = entity.Id.Name, ["key"] = entity.Id.Key },
                    ["lastOperationTime"] = entity.LastModifiedTime.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
                };
                if (fetchState && entity.IncludesState)
                {
                    item["state"] = ManagementResult.Parse(entity.State.Value);
                }

                list.Add((JsonNode)item);
            }

            next = page.ContinuationToken ?? "";
            break;
        }

        return ManagementResult.Body(StatusCodes.Status200OK, list).With((ManagementQuery.ContinuationHeader, next));
    }

    public async Task<IResult> SignalAsync(HttpRequest request, string name, string key)
    {
        CancellationToken cancellation = request.HttpContext.RequestAborted;
        var id = new EntityInstanceId(name, key == EmptyKey ? "" : key);
        string operation = HttpMethods.IsDelete(request.Method) ? "delete" : request.Query["op"].ToString();
        if (request.ContentLength is null or 0 && request.Headers.TransferEncoding.Count == 0)
        {
            await Entities.SignalEntityAsync(id, operation, cancellation);
            return ManagementResult.Status(StatusCodes.Status202Accepted);
        }

        object input;
        if (request.HasJsonContentType())
        {
            try
            {
                input = await JsonSerializer.DeserializeAsync<JsonElement>(request.Body, cancellationToken: cancellation);
            }
            catch (JsonException problem)
            {
                return ManagementResult.Error(StatusCodes.Status400BadRequest, "Could not parse JSON content: " + problem.Message);
            }
        }
        else
        {
            using var reader = new StreamReader(request.Body);
            input = await reader.ReadToEndAsync(cancellation);
        }

        await Entities.SignalEntityAsync(id, operation, input, cancellation: cancellation);
        return ManagementResult.Status(StatusCodes.Status202Accepted);
    }
}
