using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace RiskDurable.Embedded.Http;

/// <summary>Turns what an HTTP function returned into the response.</summary>
internal static class HttpResult
{
    /// <summary>
    /// Whether values of a declared type can become a response. The real worker executes <see cref="IActionResult"/> and
    /// <see cref="IResult"/> and drops everything else without a word, so that anything else is refused here at the start.
    /// </summary>
    public static bool Accepts(Type type) =>
        type == typeof(void) || type == typeof(object) || typeof(IActionResult).IsAssignableFrom(type) || typeof(IResult).IsAssignableFrom(type);

    public static Task ExecuteAsync(object? result, HttpContext http, ILogger logger)
    {
        switch (result)
        {
            case IActionResult action:
                return action.ExecuteResultAsync(new ActionContext(http, http.GetRouteData(), new ActionDescriptor()));
            case IResult minimal:
                return minimal.ExecuteAsync(http);
            case null:
                return Task.CompletedTask;
            default:
                logger.LogWarning(
                    "The function returned a {ResultType}, which is neither an IActionResult nor an IResult: the response is empty.", result.GetType());
                return Task.CompletedTask;
        }
    }
}
