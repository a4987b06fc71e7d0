using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using RiskDurable.Embedded.Functions;

namespace RiskDurable.Embedded.Http;

/// <summary>The page at the root, as the real host has one: that the host is up, and what it answers. A function at the root goes before it.</summary>
internal sealed class HomePage(string application, IReadOnlyList<FunctionDescriptor> functions, string routePrefix, bool isShown)
{
    /// <summary>Setting that leaves the page empty, as on the real host: 204.</summary>
    public const string DisabledSetting = "AzureWebJobsDisableHomepage";

    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    public void MapTo(IEndpointRouteBuilder endpoints)
    {
        IResult page = isShown ? Results.Content(Html(), "text/html; charset=utf-8") : Results.NoContent();
        endpoints.MapMethods("/", Methods, () => page)
            .WithDisplayName("Home page")
            .Add(endpoint => ((RouteEndpointBuilder)endpoint).Order = int.MaxValue);
    }

    private string Html()
    {
        var rows = new StringBuilder();
        foreach (FunctionDescriptor function in functions.Where(function => function.Kind == TriggerKind.Http)
            .OrderBy(function => FunctionRoute.Of(function, routePrefix), StringComparer.Ordinal))
        {
            string[] methods = [.. FunctionRoute.MethodsOf(function)];
            string route = "/" + FunctionRoute.Of(function, routePrefix);
            string shown = WebUtility.HtmlEncode(route);

            // What can be looked at as it stands.
            string linked = methods.Contains(HttpMethods.Get) && !route.Contains('{', StringComparison.Ordinal) ? $"<a href=\"{shown}\">{shown}</a>" : shown;
            rows.Append($"<tr><td>{string.Join(' ', methods)}</td><td><code>{linked}</code></td><td>{WebUtility.HtmlEncode(function.Name)}</td></tr>\n");
        }

        string name = WebUtility.HtmlEncode(application);
        return $$"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <title>{{name}}</title>
            <style>
            :root { color-scheme: light dark; }
            body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 3rem auto; padding: 0 1rem; }
            table { border-collapse: collapse; width: 100%; }
            td, th { border-bottom: 1px solid #8884; padding: .3rem .8rem .3rem 0; text-align: left; }
            </style>
            </head>
            <body>
            <h1>{{name}} is up and running</h1>
            <table>
            <tr><th>Method</th><th>Address</th><th>Function</th></tr>
            {{rows}}</table>
            </body>
            </html>

            """;
    }
}
