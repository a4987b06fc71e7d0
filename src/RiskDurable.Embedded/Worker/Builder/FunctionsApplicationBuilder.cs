using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RiskDurable.Embedded.Hosting;
using RiskDurable.Embedded.Worker.Middleware;

namespace RiskDurable.Embedded.Worker.Builder;

/// <summary>Composes a functions application: services, settings, logging and middleware.</summary>
public class FunctionsApplicationBuilder : IHostApplicationBuilder, IFunctionsWorkerApplicationBuilder
{
    private readonly HostComposition _composition;
    private readonly IHostApplicationBuilder _host;
    private bool _hasBuilt;

    internal FunctionsApplicationBuilder(HostComposition composition)
    {
        _composition = composition;
        _host = composition.Builder;
        composition.Services.AddSingleton<IFunctionsWorkerApplicationBuilder>(this);
    }

    /// <summary>Data shared between the parts of the composition.</summary>
    public IDictionary<object, object> Properties => _host.Properties;

    /// <inheritdoc/>
    IConfigurationManager IHostApplicationBuilder.Configuration => Configuration;

    /// <summary>The settings: command line, environment, <c>local.settings.json</c>, <c>appsettings.json</c>, in this order of weight.</summary>
    public ConfigurationManager Configuration => _composition.Builder.Configuration;

    /// <summary>Name, environment and content root of the application.</summary>
    public IHostEnvironment Environment => _host.Environment;

    /// <summary>Where log sinks are added.</summary>
    public ILoggingBuilder Logging => _host.Logging;

    /// <summary>Where metric listeners are added.</summary>
    public IMetricsBuilder Metrics => _host.Metrics;

    /// <summary>The application's services.</summary>
    public IServiceCollection Services => _host.Services;

    /// <summary>Completes the composition and looks at every function.</summary>
    /// <returns>The application, ready to run.</returns>
    /// <exception cref="HostStartupException">At least one function is not sound; the message lists every problem.</exception>
    /// <exception cref="InvalidOperationException">The application has been built already.</exception>
    public IHost Build()
    {
        ThrowIfBuilt();
        _hasBuilt = true;
        return _composition.Build();
    }

    /// <summary>Replaces the dependency injection container.</summary>
    /// <typeparam name="TContainerBuilder">The container's builder.</typeparam>
    /// <param name="factory">Makes the container.</param>
    /// <param name="configure">Adds to it.</param>
    public void ConfigureContainer<TContainerBuilder>(IServiceProviderFactory<TContainerBuilder> factory, Action<TContainerBuilder>? configure = null)
        where TContainerBuilder : notnull => _host.ConfigureContainer(factory, configure);

    /// <summary>Adds a step around every call of a function.</summary>
    /// <param name="middleware">Takes what comes next and gives back the step around it.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="InvalidOperationException">The application has been built already.</exception>
    public IFunctionsWorkerApplicationBuilder Use(Func<FunctionExecutionDelegate, FunctionExecutionDelegate> middleware)
    {
        ThrowIfBuilt();
        _composition.Middleware.Add(middleware);
        return this;
    }

    internal void UseWebApplication() => _composition.UseWebApplication();

    private void ThrowIfBuilt()
    {
        if (_hasBuilt)
        {
            throw new InvalidOperationException("The application has already been built.");
        }
    }
}
