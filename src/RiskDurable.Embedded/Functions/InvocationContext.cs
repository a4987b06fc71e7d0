using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using RiskDurable.Embedded.Worker;

namespace RiskDurable.Embedded.Functions;

/// <summary>One call of a function.</summary>
/// <param name="function">The function.</param>
/// <param name="trigger">What started it: a context, a dispatcher, a request, a message.</param>
/// <param name="root">The application's services.</param>
/// <param name="cancellation">Signalled when the call should end.</param>
internal sealed class InvocationContext(FunctionDescriptor function, object trigger, IServiceProvider root, CancellationToken cancellation)
    : FunctionContext, IAsyncDisposable
{
    private AsyncServiceScope? _scope;
    private IServiceProvider? _services;

    public override string InvocationId { get; } = Guid.NewGuid().ToString();

    public override string FunctionId => function.Id;

    /// <summary>A scope of its own, made when first asked for: an orchestrator that replays a thousand times and injects nothing makes none.</summary>
    public override IServiceProvider InstanceServices
    {
        get
        {
            if (_services is null)
            {
                _scope = root.CreateAsyncScope();
                _services = _scope.Value.ServiceProvider;
            }

            return _services;
        }
        set => _services = value;
    }

    public override FunctionDefinition FunctionDefinition => function;

    public override IDictionary<object, object> Items { get; set; } = new Dictionary<object, object>();

    public override CancellationToken CancellationToken => cancellation;

    public FunctionDescriptor Function => function;

    public object Trigger => trigger;

    /// <summary>The services of the application, for what needs no scope.</summary>
    public IServiceProvider Root => root;

    public object? Result { get; set; }

    /// <summary>A call for a request shares the request's services.</summary>
    public static InvocationContext ForRequest(FunctionDescriptor function, HttpContext request) =>
        new(function, request, request.RequestServices, request.RequestAborted)
        {
            InstanceServices = request.RequestServices,
            Items = new Dictionary<object, object> { [FunctionContextExtensions.HttpContextKey] = request },
        };

    public ValueTask DisposeAsync() => _scope is { } scope ? scope.DisposeAsync() : ValueTask.CompletedTask;
}
