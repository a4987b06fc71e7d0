using System.Reflection;
using System.Text.Json.Nodes;

namespace RiskDurable.Functions.Http;

/// <summary>The description of the API: every feature folder describes its own part in an <c>openapi.json</c>.</summary>
public static class OpenApi
{
    private const string Suffix = "openapi.json";
    private const string Main = "Http/" + Suffix;

    private static readonly Lazy<string> Document = new(() => Compose().ToJsonString());

    /// <summary>Answers with the description, OpenAPI 3.1.</summary>
    /// <param name="request">The request.</param>
    [Function(nameof(GetOpenApi))]
    public static IResult GetOpenApi([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/openapi.json")] HttpRequest request) =>
        Results.Text(Document.Value, ApiJson.MediaType);

    private static JsonObject Compose()
    {
        Assembly assembly = typeof(OpenApi).Assembly;
        JsonObject document = Read(assembly, Main);
        foreach (string part in assembly.GetManifestResourceNames().Where(name => name.EndsWith(Suffix, StringComparison.Ordinal) && name != Main).Order(StringComparer.Ordinal))
        {
            JsonObject described = Read(assembly, part);
            Move(described["paths"]!.AsObject(), document["paths"]!.AsObject());
            Move(described["components"]!["schemas"]!.AsObject(), document["components"]!["schemas"]!.AsObject());
        }

        return document;
    }

    private static JsonObject Read(Assembly assembly, string name)
    {
        using Stream stream = assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"The resource {name} is not in {assembly.GetName().Name}.");
        return JsonNode.Parse(stream)!.AsObject();
    }

    private static void Move(JsonObject from, JsonObject to)
    {
        foreach ((string name, JsonNode? value) in from.ToArray())
        {
            from.Remove(name);
            to.Add(name, value);
        }
    }
}
