using Microsoft.AspNetCore.Http;

namespace RiskDurable.Embedded.Worker;

/// <summary>HTTP members of <see cref="FunctionContext"/>.</summary>
public static class FunctionContextExtensions
{
    internal const string HttpContextKey = "HttpRequestContext";

    /// <summary>The request that the call answers.</summary>
    /// <param name="context">The call.</param>
    /// <returns>The request's context; null where the function has no HTTP trigger.</returns>
    public static HttpContext? GetHttpContext(this FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Items.TryGetValue(HttpContextKey, out object? value) ? value as HttpContext : null;
    }
}
