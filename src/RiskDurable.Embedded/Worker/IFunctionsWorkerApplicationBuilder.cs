using Microsoft.Extensions.DependencyInjection;
using RiskDurable.Embedded.Worker.Middleware;

namespace RiskDurable.Embedded.Worker;

/// <summary>Where services and middleware of the application are added.</summary>
public interface IFunctionsWorkerApplicationBuilder
{
    /// <summary>The application's services.</summary>
    IServiceCollection Services { get; }

    /// <summary>Adds a step around every call of a function. Steps run in the order in which they were added.</summary>
    /// <param name="middleware">Takes what comes next and gives back the step around it.</param>
    /// <returns>This builder.</returns>
    IFunctionsWorkerApplicationBuilder Use(Func<FunctionExecutionDelegate, FunctionExecutionDelegate> middleware);
}
