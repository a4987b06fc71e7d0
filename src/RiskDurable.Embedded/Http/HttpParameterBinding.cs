using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using RiskDurable.Embedded.Functions;
using RiskDurable.Embedded.Worker;
using FromBodyAttribute = RiskDurable.Embedded.Worker.Http.FromBodyAttribute;

namespace RiskDurable.Embedded.Http;

/// <summary>Parameters of an HTTP function: the request, its body, its route and query values.</summary>
internal static class HttpParameterBinding
{
    public static ParameterBinder? BindTrigger(ParameterInfo parameter, FunctionProblems problems)
    {
        if (parameter.ParameterType == typeof(HttpRequest))
        {
            return static call => new ValueTask<object?>(((HttpContext)call.Trigger).Request);
        }

        problems.Add(
            $"parameter '{parameter.Name}' has [HttpTrigger] and type {parameter.ParameterType.Name}.",
            "Give it the type Microsoft.AspNetCore.Http.HttpRequest, and take the body in a further parameter with [FromBody].");
        return null;
    }

    /// <summary>Binds any further parameter. Route values come before query values, as in the trigger data of the real host.</summary>
    public static ParameterBinder? BindOther(string function, ParameterInfo parameter, FunctionProblems problems)
    {
        Type type = parameter.ParameterType;
        if (parameter.IsDefined(typeof(FromBodyAttribute)))
        {
            return call => RequestBody.ReadAsync((HttpContext)call.Trigger, type);
        }

        if (parameter.IsDefined(typeof(Microsoft.AspNetCore.Mvc.FromBodyAttribute)))
        {
            problems.Add(
                $"parameter '{parameter.Name}' has ASP.NET Core MVC's [FromBody], which the worker does not read.",
                "Use the [FromBody] of the worker's Http namespace.");
            return null;
        }

        string name = parameter.GetCustomAttribute<FromRouteAttribute>()?.Name ?? parameter.GetCustomAttribute<FromQueryAttribute>()?.Name ?? parameter.Name!;
        if (!string.Equals(name, parameter.Name, StringComparison.OrdinalIgnoreCase))
        {
            problems.Add(
                $"parameter '{parameter.Name}' asks for the value '{name}', but the worker binds route and query values by parameter name only.",
                $"Rename the parameter to '{name}'.");
            return null;
        }

        if (!TextConversion.IsSimple(type))
        {
            problems.Add(
                $"parameter '{parameter.Name}' of type {type.Name} has no binding.",
                "Add [FromBody] to take it from the request's body, or take the service in the constructor.");
            return null;
        }

        bool optional = parameter.HasDefaultValue || !type.IsValueType || Nullable.GetUnderlyingType(type) is not null;
        object? missing = parameter.HasDefaultValue ? parameter.DefaultValue : null;
        return call =>
        {
            var http = (HttpContext)call.Trigger;
            string? text = http.Request.RouteValues.TryGetValue(name, out object? routed) && routed is not null
                ? Convert.ToString(routed, System.Globalization.CultureInfo.InvariantCulture)
                : http.Request.Query.TryGetValue(name, out var queried) ? queried.ToString() : null;
            if (text is not null)
            {
                JsonSerializerOptions json = http.RequestServices.GetRequiredService<IOptions<JsonSerializerOptions>>().Value;
                return new ValueTask<object?>(TextConversion.To(type, text, function, name, json));
            }

            return optional
                ? new ValueTask<object?>(missing)
                : throw new FunctionInputConverterException(
                    $"Function '{function}': could not populate the value for '{name}' parameter. Consider adding a default value or making the parameter nullable.");
        };
    }
}
