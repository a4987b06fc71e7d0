using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.Extensions.DependencyInjection;

namespace RiskDurable.Embedded.Http;

/// <summary>Reads a request's body with ASP.NET Core's own body binder, so that its input formatters and JSON options hold.</summary>
internal static class RequestBody
{
    /// <exception cref="InvalidOperationException">The body is missing, malformed or of a media type that no formatter reads.</exception>
    public static async ValueTask<object?> ReadAsync(HttpContext http, Type type)
    {
        ModelMetadata metadata = http.RequestServices.GetRequiredService<IModelMetadataProvider>().GetMetadataForType(type);
        IModelBinder binder = http.RequestServices.GetRequiredService<IModelBinderFactory>().CreateBinder(new ModelBinderFactoryContext
        {
            Metadata = metadata,
            BindingInfo = new BindingInfo { BindingSource = BindingSource.Body, BinderType = metadata.BinderType },
            CacheToken = metadata,
        });
        var binding = new DefaultModelBindingContext
        {
            ModelMetadata = metadata,
            ModelName = metadata.BinderModelName ?? "",
            BindingSource = BindingSource.Body,
            ModelState = new ModelStateDictionary(),
            ActionContext = new ActionContext { HttpContext = http },
        };
        await binder.BindModelAsync(binding);
        if (binding.Result.IsModelSet || binding.ModelState.IsValid)
        {
            return binding.Result.Model;
        }

        IEnumerable<string?> problems = binding.ModelState.Values
            .SelectMany(entry => entry.Errors)
            .Select(error => string.IsNullOrEmpty(error.ErrorMessage) ? error.Exception?.Message : error.ErrorMessage);
        throw new InvalidOperationException($"The request's body cannot be read as {type.Name}: {string.Join(" ", problems)}");
    }
}
