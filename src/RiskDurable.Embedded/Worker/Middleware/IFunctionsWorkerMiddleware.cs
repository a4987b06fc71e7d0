namespace RiskDurable.Embedded.Worker.Middleware;

/// <summary>What runs a call, or the rest of it.</summary>
/// <param name="context">The call.</param>
public delegate Task FunctionExecutionDelegate(FunctionContext context);

/// <summary>
/// A step around every call of a function. Around an orchestrator it must not await anything but <c>next</c>: it runs again at every replay.
/// </summary>
public interface IFunctionsWorkerMiddleware
{
    /// <summary>Runs the step.</summary>
    /// <param name="context">The call.</param>
    /// <param name="next">The rest of the call.</param>
    Task Invoke(FunctionContext context, FunctionExecutionDelegate next);
}
