using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using RiskDurable.Embedded.DurableTask.Client;
using RiskDurable.Embedded.Http;
using RiskDurable.Embedded.Queues;
using RiskDurable.Embedded.Worker;
using RiskDurable.Embedded.Worker.Extensions.Abstractions;

namespace RiskDurable.Embedded.Functions;

/// <summary>Finds the binder of each parameter of one function.</summary>
internal sealed class FunctionParameters(
    string function, ParameterInfo triggerParameter, TriggerBindingAttribute trigger, DiscoverySettings settings, FunctionProblems problems)
{
    private bool _hasOrchestrationInput;

    /// <summary>What the trigger's attribute makes of the function; null for a trigger that this host does not know.</summary>
    public TriggerKind? Kind { get; } = trigger switch
    {
        OrchestrationTriggerAttribute => TriggerKind.Orchestration,
        ActivityTriggerAttribute => TriggerKind.Activity,
        EntityTriggerAttribute => TriggerKind.Entity,
        HttpTriggerAttribute => TriggerKind.Http,
        TimerTriggerAttribute => TriggerKind.Timer,
        QueueTriggerAttribute => TriggerKind.Queue,
        _ => null,
    };

    public ParameterBinder? Bind(ParameterInfo parameter)
    {
        BindingAttribute[] bindings = [.. parameter.GetCustomAttributes<BindingAttribute>()];
        if (bindings.Length > 1)
        {
            problems.Add($"parameter '{parameter.Name}' has {bindings.Length} bindings.", "Keep one.");
            return null;
        }

        if (parameter.ParameterType.IsByRef || parameter.ParameterType.IsByRefLike || parameter.ParameterType.IsPointer)
        {
            problems.Add($"parameter '{parameter.Name}' is passed by reference.", "Pass it by value: a call outlives its caller's stack.");
            return null;
        }

        if (parameter.Position == triggerParameter.Position)
        {
            return BindTrigger();
        }

        if (parameter.ParameterType == typeof(FunctionContext))
        {
            return static call => new ValueTask<object?>(call);
        }

        if (parameter.ParameterType == typeof(CancellationToken))
        {
            return static call => new ValueTask<object?>(call.CancellationToken);
        }

        return bindings switch
        {
            [DurableClientAttribute client] => DurableParameterBinding.BindClient(parameter, client, settings.HubName, problems),
            [var unknown] => Refuse(parameter, $"[{unknown.GetType().Name}] is not a binding of this host.", "Use a binding that docs/embedded-host.md lists."),
            _ => BindUnmarked(parameter),
        };
    }

    private ParameterBinder? BindTrigger() => Kind switch
    {
        TriggerKind.Orchestration => DurableParameterBinding.BindOrchestrationTrigger(triggerParameter, problems),
        TriggerKind.Activity => DurableParameterBinding.BindActivityTrigger(function, triggerParameter),
        TriggerKind.Entity => DurableParameterBinding.BindEntityTrigger(triggerParameter, problems),
        TriggerKind.Http => HttpParameterBinding.BindTrigger(triggerParameter, problems),
        TriggerKind.Timer => triggerParameter.ParameterType == typeof(TimerInfo)
            ? static call => new ValueTask<object?>(call.Trigger)
            : Refuse(triggerParameter, $"[TimerTrigger] stands on type {triggerParameter.ParameterType.Name}.", $"Give it the type {nameof(TimerInfo)}."),
        _ => QueueParameterBinding.BindTrigger(function, triggerParameter),
    };

    private ParameterBinder? BindUnmarked(ParameterInfo parameter)
    {
        if (parameter.ParameterType == typeof(DurableTaskClient))
        {
            return Refuse(parameter, "it has no binding.", "Add [DurableClient].");
        }

        if (parameter.IsDefined(typeof(FromKeyedServicesAttribute)) || parameter.IsDefined(typeof(Microsoft.AspNetCore.Mvc.FromServicesAttribute)))
        {
            return Refuse(parameter, "the worker does not inject services into parameters.", "Take the service in the constructor of the function's class.");
        }

        return Kind switch
        {
            TriggerKind.Http => HttpParameterBinding.BindOther(function, parameter, problems),
            TriggerKind.Orchestration when !_hasOrchestrationInput => BindInput(parameter),
            TriggerKind.Activity when DurableParameterBinding.BindActivityOther(parameter) is { } binder => binder,
            TriggerKind.Queue when QueueParameterBinding.BindOther(parameter) is { } binder => binder,
            _ => Refuse(parameter, "it has no binding.", "Remove it, or take a service in the constructor of the function's class."),
        };
    }

    private ParameterBinder BindInput(ParameterInfo parameter)
    {
        _hasOrchestrationInput = true;
        return DurableParameterBinding.BindOrchestrationInput(parameter);
    }

    private ParameterBinder? Refuse(ParameterInfo parameter, string message, string remedy)
    {
        problems.Add($"parameter '{parameter.Name}' ({parameter.ParameterType.Name}): {message}", remedy);
        return null;
    }
}
