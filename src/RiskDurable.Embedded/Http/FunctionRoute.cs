using Microsoft.AspNetCore.Routing.Patterns;
using RiskDurable.Embedded.Functions;
using RiskDurable.Embedded.Worker;

namespace RiskDurable.Embedded.Http;

/// <summary>The route of an HTTP function.</summary>
internal static class FunctionRoute
{
    private static readonly string[] AnyMethod = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE"];

    public static string Of(FunctionDescriptor function, string prefix)
    {
        string suffix = (((HttpTriggerAttribute)function.Trigger).Route ?? function.Name).TrimStart('/');
        return prefix.Length == 0 ? suffix : $"{prefix}/{suffix}";
    }

    public static IEnumerable<string> MethodsOf(FunctionDescriptor function) =>
        ((HttpTriggerAttribute)function.Trigger).Methods is { Length: > 0 } methods ? methods.Select(method => method.ToUpperInvariant()).Distinct() : AnyMethod;

    /// <summary>The literal that a route begins with, in lower case; null where it begins with a parameter.</summary>
    public static string? FirstSegment(RoutePattern pattern) =>
        pattern.PathSegments is [{ Parts: [RoutePatternLiteralPart literal] }, ..] ? literal.Content.ToLowerInvariant() : null;
}
