using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RiskDurable.Embedded.Engine;
using RiskDurable.Embedded.Functions;
using RiskDurable.Embedded.Http;
using RiskDurable.Embedded.Queues;
using RiskDurable.Embedded.Settings;
using RiskDurable.Embedded.Worker.Middleware;

namespace RiskDurable.Embedded.Hosting;

/// <summary>The host's own services and endpoints, made from its settings.</summary>
internal sealed class HostParts(
    HostJson hostJson, HostSettings settings, LocalSettings localSettings, EmbeddedHostOptions options, bool hasWebApplication)
{
    private const string DefaultHubName = "default";

    // Whoever can be reached by others than this machine's own programs is limited unless a setting says otherwise.
    private const int DefaultRequestsPerSecond = 50;

    private readonly ApiKey _key = new(settings.ApiKey);
    private IReadOnlyList<FunctionDescriptor> _functions = [];
    private RequestLimits _limits = null!;

    private string HubName => hostJson.HubName ?? DefaultHubName;

    /// <exception cref="HostStartupException">At least one function is not sound.</exception>
    public void AddTo(IServiceCollection services, IConfiguration configuration, IReadOnlyList<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> middleware)
    {
        IReadOnlyList<Assembly> assemblies = options.FunctionAssemblies
            ?? throw new InvalidOperationException("No assembly was given to find functions in.");
        IReadOnlyList<FunctionDescriptor> functions = _functions = new FunctionDiscovery(new DiscoverySettings
        {
            Settings = configuration,
            HubName = HubName,
            RoutePrefix = hostJson.RoutePrefix,
            HasWebApplication = hasWebApplication,
            Only = hostJson.Functions,
        }).Read(assemblies);

        services.AddSingleton(provider => new FunctionExecutor(
            functions, middleware, provider, provider.GetRequiredService<ILoggerFactory>(), hostJson.FunctionTimeout, options.Time));
        services.AddSingleton(provider => new DurableEngine(
            EngineOptionsFor(provider), new DurableFunctions(functions, provider.GetRequiredService<FunctionExecutor>),
            provider.GetRequiredService<ILoggerFactory>()));
        bool isOpen = ListenAddresses.Of(configuration).Any(address => !ListenAddresses.IsLoopback(address));
        _limits = new RequestLimits(settings.RequestsPerSecond ?? (isOpen ? DefaultRequestsPerSecond : 0), _key);
        _limits.AddTo(services);
        services.AddSingleton<IQueueSender, QueueSender>();
        services.AddSingleton(provider => new TriggerListeners(
            functions, provider.GetRequiredService<FunctionExecutor>(), provider.GetRequiredService<DurableEngine>(), hostJson, configuration,
            options.Time, provider.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton(new HostAddress(settings.ApiKey));
        services.AddHostedService<FunctionsHostService>();
        if (localSettings.CorsOrigins.Count > 0)
        {
            services.AddCors(cors => cors.AddDefaultPolicy(CorsPolicyOf));
        }
    }

    public void MapTo(WebApplication application)
    {
        application.Use(static (http, next) =>
        {
            // Answers are data: no browser may take them for something else, nor pass on an address with a key in it.
            http.Response.Headers.XContentTypeOptions = "nosniff";
            http.Response.Headers["Referrer-Policy"] = "no-referrer";
            return next(http);
        });
        _limits.MapTo(application);
        if (localSettings.CorsOrigins.Count > 0)
        {
            application.UseCors();
        }

        new FunctionEndpoints(_functions, hostJson.RoutePrefix, _key, application.Services.GetRequiredService<FunctionExecutor>()).MapTo(application);
        new ManagementEndpoints(
            application.Services.GetRequiredService<DurableEngine>(), _functions, HubName, _key, options.Time,
            application.Services.GetRequiredService<ILogger<ManagementEndpoints>>()).MapTo(application);
        bool hasPage = !application.Configuration.GetValue<bool>(HomePage.DisabledSetting);
        new HomePage(application.Environment.ApplicationName, _functions, hostJson.RoutePrefix, hasPage).MapTo(application);
    }

    private EngineOptions EngineOptionsFor(IServiceProvider provider)
    {
        var engine = new EngineOptions
        {
            StateFolder = settings.StateFolder,
            HubName = HubName,
            Time = options.Time,
            Json = provider.GetRequiredService<IOptions<JsonSerializerOptions>>().Value,
            ActivityLane = settings.LaneOfActivity.GetValueOrDefault,
            ReservedActivitySlots = settings.ReservedSlots,
            MostActivitySlots = settings.MostSlots,
        };
        return engine with
        {
            MaxConcurrentActivities = hostJson.MaxConcurrentActivities ?? engine.MaxConcurrentActivities,
            MaxConcurrentOrchestrations = hostJson.MaxConcurrentOrchestrators ?? engine.MaxConcurrentOrchestrations,
        };
    }

    private void CorsPolicyOf(Microsoft.AspNetCore.Cors.Infrastructure.CorsPolicyBuilder policy)
    {
        policy.AllowAnyHeader().AllowAnyMethod();
        _ = localSettings.CorsOrigins.Contains("*") ? policy.AllowAnyOrigin() : policy.WithOrigins([.. localSettings.CorsOrigins]);
        if (localSettings.CorsCredentials)
        {
            policy.AllowCredentials();
        }
    }
}
