using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using RiskDurable.Embedded.Engine;
using RiskDurable.Embedded.Functions;

namespace RiskDurable.Embedded.Http;

/// <summary>
/// The HTTP management API, with the routes, status codes and bodies of the Durable Functions extension
/// (<c>HttpApiHandler</c> in Azure/azure-functions-durable-extension).
/// </summary>
internal sealed class ManagementEndpoints(
    DurableEngine engine, IReadOnlyList<FunctionDescriptor> functions, string hubName, ApiKey key, TimeProvider time, ILogger<ManagementEndpoints> logger)
{
    public const string Root = "/runtime/webhooks/durabletask";

    private readonly InstanceApi _instances = new(engine, time);
    private readonly StartApi _starts = new(engine, functions, hubName, time);
    private readonly EntityApi _entities = new(engine);

    /// <summary>One route for all: like the real one, an operation unknown for a method answers 404, never 405.</summary>
    public void MapTo(IEndpointRouteBuilder endpoints) => endpoints.Map(Root + "/{**operation}", AnswerAsync).WithDisplayName("Durable management API");

    private async Task AnswerAsync(HttpContext http)
    {
        if (!key.Admits(http.Request))
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        try
        {
            IResult result = await RouteAsync(http.Request);
            await result.ExecuteAsync(http);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            logger.LogDebug("The caller of {Path} has gone.", http.Request.Path);
        }
        catch (ArgumentException problem)
        {
            logger.LogWarning(problem, "{Method} {Path} was refused.", http.Request.Method, http.Request.Path);
            await ManagementResult.Error(StatusCodes.Status400BadRequest, "One or more of the arguments submitted is incorrect").ExecuteAsync(http);
        }
        catch (Exception problem) when (!http.Response.HasStarted)
        {
            logger.LogError(problem, "{Method} {Path} failed.", http.Request.Method, http.Request.Path);
            await ManagementResult.Error(StatusCodes.Status500InternalServerError, "Something went wrong while processing your request").ExecuteAsync(http);
        }
    }

    private Task<IResult> RouteAsync(HttpRequest request)
    {
        string[] path = (request.RouteValues["operation"] as string ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries);
        string method = request.Method.ToUpperInvariant();
        return (method, path) switch
        {
            ("POST", [var area, var name]) when Is(area, "orchestrators") => _starts.StartAsync(request, name, instanceId: null),
            ("POST", [var area, var name, var id]) when Is(area, "orchestrators") => _starts.StartAsync(request, name, id),
            ("GET", [var area]) when Is(area, "entities") => _entities.ListAsync(request, name: null),
            ("GET", [var area, var name]) when Is(area, "entities") => _entities.ListAsync(request, name),
            ("GET", [var area, var name, var entityKey]) when Is(area, "entities") => _entities.GetAsync(request, name, entityKey),
            ("POST" or "DELETE", [var area, var name, var entityKey]) when Is(area, "entities") => _entities.SignalAsync(request, name, entityKey),
            ("GET", [var area]) when Is(area, "instances") => _instances.ListAsync(request),
            ("DELETE", [var area]) when Is(area, "instances") => _instances.PurgeManyAsync(request),
            ("GET", [var area, var id]) when Is(area, "instances") => _instances.GetAsync(request, id),
            ("DELETE", [var area, var id]) when Is(area, "instances") => _instances.PurgeAsync(request, id),
            ("POST", [var area, var id, var operation]) when Is(area, "instances") => SteerAsync(request, id, operation),
            ("POST", [var area, var id, var operation, var eventName]) when Is(area, "instances") && Is(operation, "raiseEvent") =>
                _instances.RaiseEventAsync(request, id, eventName),
            _ => NotFound(),
        };
    }

    private Task<IResult> SteerAsync(HttpRequest request, string id, string operation) => operation.ToUpperInvariant() switch
    {
        "TERMINATE" => _instances.TerminateAsync(request, id),
        "SUSPEND" => _instances.SuspendAsync(request, id),
        "RESUME" => _instances.ResumeAsync(request, id),
        "RESTART" => _starts.RestartAsync(request, id),
        "REWIND" => Task.FromResult(ManagementResult.Error(StatusCodes.Status501NotImplemented, "This host does not rewind orchestrations: restart the instance instead.")),
        _ => NotFound(),
    };

    private static Task<IResult> NotFound() => Task.FromResult(ManagementResult.Status(StatusCodes.Status404NotFound));

    private static bool Is(string segment, string expected) => string.Equals(segment, expected, StringComparison.OrdinalIgnoreCase);
}
