using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using RiskDurable.Embedded.Worker;
using RiskDurable.Embedded.Worker.Extensions.Abstractions;

namespace RiskDurable.Embedded.Functions;

/// <summary>Produces the value of one parameter for a call.</summary>
internal delegate ValueTask<object?> ParameterBinder(InvocationContext call);

/// <summary>A function that was found sound: everything a call needs, prepared once.</summary>
internal sealed class FunctionDescriptor(
    string name, MethodInfo method, TriggerKind kind, TriggerBindingAttribute trigger, ParameterBinder[] binders) : FunctionDefinition
{
    private readonly MethodInvoker _invoker = MethodInvokerCompiler.Compile(method);
    private readonly ObjectFactory? _factory = method.IsStatic ? null : ActivatorUtilities.CreateFactory(method.DeclaringType!, []);

    public override string Name => name;

    public override string Id { get; } = name.ToUpperInvariant();

    public override string EntryPoint { get; } = FunctionProblem.NameOf(method);

    public override string PathToAssembly => method.Module.FullyQualifiedName;

    public MethodInfo Method => method;

    public TriggerKind Kind => kind;

    public TriggerBindingAttribute Trigger => trigger;

    /// <summary>The name by which orchestrators and clients address it: the trigger's, or else the function's.</summary>
    public string DurableName { get; } = trigger switch
    {
        OrchestrationTriggerAttribute { Orchestration: { } given } => given,
        ActivityTriggerAttribute { Activity: { } given } => given,
        EntityTriggerAttribute { EntityName: { } given } => given,
        _ => name,
    };

    /// <summary>Binds the parameters, makes the function's object and calls the method.</summary>
    public async Task<object?> InvokeAsync(InvocationContext call)
    {
        object? instance = _factory?.Invoke(call.InstanceServices, []);
        object?[] arguments = binders.Length == 0 ? [] : new object?[binders.Length];
        for (int i = 0; i < arguments.Length; i++)
        {
            arguments[i] = await binders[i](call);
        }

        return await _invoker(instance, arguments);
    }
}
