using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using RiskDurable.Embedded.Functions;
using RiskDurable.Embedded.Worker;

namespace RiskDurable.Embedded.Http;

/// <summary>Answers the routes of the HTTP functions.</summary>
internal sealed class FunctionEndpoints(IReadOnlyList<FunctionDescriptor> functions, string routePrefix, ApiKey key, FunctionExecutor executor)
{
    public void MapTo(IEndpointRouteBuilder endpoints)
    {
        foreach (FunctionDescriptor function in functions.Where(function => function.Kind == TriggerKind.Http))
        {
            bool isOpen = ((HttpTriggerAttribute)function.Trigger).AuthLevel == AuthorizationLevel.Anonymous;
            ILogger logger = executor.LoggerOf(function);
            endpoints
                .MapMethods(FunctionRoute.Of(function, routePrefix), FunctionRoute.MethodsOf(function), http => AnswerAsync(function, isOpen, http, logger))
                .WithDisplayName(function.Name);
        }
    }

    private async Task AnswerAsync(FunctionDescriptor function, bool isOpen, HttpContext http, ILogger logger)
    {
        if (!isOpen && !key.Admits(http.Request))
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        try
        {
            object? result = await executor.ExecuteAsync(InvocationContext.ForRequest(function, http));
            await HttpResult.ExecuteAsync(result, http, logger);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            logger.LogDebug("The caller of {Function} has gone.", function.Name);
        }
        catch (Exception problem) when (!http.Response.HasStarted)
        {
            // Logged with the call already; the caller learns no more than from the real host.
            logger.LogDebug(problem, "Answering 500 for {Function}.", function.Name);
            http.Response.Clear();
            http.Response.StatusCode = StatusCodes.Status500InternalServerError;
        }
    }
}
