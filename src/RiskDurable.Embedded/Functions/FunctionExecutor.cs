using System.Diagnostics;
using Microsoft.Extensions.Logging;
using RiskDurable.Embedded.Hosting;
using RiskDurable.Embedded.Worker;
using RiskDurable.Embedded.Worker.Middleware;

namespace RiskDurable.Embedded.Functions;

/// <summary>Runs calls of functions: middleware around binding and method, a log scope, a time limit.</summary>
internal sealed class FunctionExecutor
{
    private readonly FunctionExecutionDelegate _pipeline;
    private readonly IServiceProvider _root;
    private readonly TimeSpan? _timeout;
    private readonly TimeProvider _time;
    private readonly Dictionary<string, ILogger> _loggers;

    public FunctionExecutor(
        IReadOnlyList<FunctionDescriptor> functions, IEnumerable<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> middleware,
        IServiceProvider root, ILoggerFactory loggers, TimeSpan? timeout, TimeProvider time)
    {
        _root = root;
        _timeout = timeout;
        _time = time;
        _loggers = functions.ToDictionary(function => function.Name, function => loggers.CreateLogger($"Function.{function.Name}"));
        FunctionExecutionDelegate pipeline = InvokeAsync;
        foreach (Func<FunctionExecutionDelegate, FunctionExecutionDelegate> step in middleware.Reverse())
        {
            pipeline = step(pipeline);
        }

        _pipeline = pipeline;
    }

    public ILogger LoggerOf(FunctionDescriptor function) => _loggers[function.Name];

    /// <summary>Calls a function in a scope of its own.</summary>
    /// <param name="function">The function.</param>
    /// <param name="trigger">What started it.</param>
    /// <param name="instanceId">The orchestration or entity that the call belongs to, for the log; null for none.</param>
    /// <param name="stopping">Signalled when the call should end.</param>
    public async Task<object?> ExecuteAsync(FunctionDescriptor function, object trigger, string? instanceId, CancellationToken stopping)
    {
        if (_timeout is not { } timeout || function.Kind == TriggerKind.Orchestration)
        {
            return await RunAsync(new InvocationContext(function, trigger, _root, stopping), instanceId);
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        Task<object?> run = RunAsync(new InvocationContext(function, trigger, _root, limit.Token), instanceId);
        try
        {
            return await run.WaitAsync(timeout, _time, CancellationToken.None);
        }
        catch (TimeoutException) when (!run.IsCompleted)
        {
            await limit.CancelAsync();
            throw new TimeoutException($"Timeout value of {timeout} was exceeded by function: {function.Name}");
        }
    }

    /// <summary>Calls an HTTP function with the scope of its request; the result is executed before the scope ends.</summary>
    public Task<object?> ExecuteAsync(InvocationContext call) => RunAsync(call, instanceId: null);

    private async Task<object?> RunAsync(InvocationContext call, string? instanceId)
    {
        FunctionDescriptor function = call.Function;
        ILogger logger = LoggerOf(function);
        LogLevel level = function.Kind is TriggerKind.Http or TriggerKind.Timer or TriggerKind.Queue ? LogLevel.Information : LogLevel.Debug;
        long started = Stopwatch.GetTimestamp();
        using Activity? span = function.Kind is TriggerKind.Timer or TriggerKind.Queue
            ? EmbeddedTelemetry.Source.StartActivity($"function {function.Name}", function.Kind == TriggerKind.Queue ? ActivityKind.Consumer : ActivityKind.Server)
            : null;
        using IDisposable? scope = logger.BeginScope(new InvocationScope(function.Name, call.InvocationId, instanceId));
        try
        {
            logger.Log(level, "Executing 'Functions.{FunctionName}' (Id={InvocationId})", function.Name, call.InvocationId);
            await _pipeline(call);
            logger.Log(
                level, "Executed 'Functions.{FunctionName}' (Succeeded, Id={InvocationId}, Duration={Duration}ms)",
                function.Name, call.InvocationId, (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            return call.Result;
        }
        catch (OperationCanceledException) when (call.CancellationToken.IsCancellationRequested)
        {
            logger.LogInformation("Executed 'Functions.{FunctionName}' (Cancelled, Id={InvocationId})", function.Name, call.InvocationId);
            throw;
        }
        catch (Exception problem)
        {
            span?.SetStatus(ActivityStatusCode.Error, problem.Message);
            logger.LogError(
                problem, "Executed 'Functions.{FunctionName}' (Failed, Id={InvocationId}, Duration={Duration}ms)",
                function.Name, call.InvocationId, (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            throw;
        }
        finally
        {
            await call.DisposeAsync();
        }
    }

    private static async Task InvokeAsync(FunctionContext context)
    {
        var call = (InvocationContext)context;
        call.Result = await call.Function.InvokeAsync(call);
    }
}
