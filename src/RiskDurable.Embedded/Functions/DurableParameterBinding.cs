using System.Linq.Expressions;
using System.Reflection;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using RiskDurable.Embedded.DurableTask;
using RiskDurable.Embedded.DurableTask.Client;
using RiskDurable.Embedded.Engine;
using RiskDurable.Embedded.Worker;

namespace RiskDurable.Embedded.Functions;

/// <summary>What starts an activity.</summary>
/// <param name="InstanceId">The calling orchestration.</param>
/// <param name="Input">JSON; null for none.</param>
internal sealed record ActivityCall(string InstanceId, string? Input);

/// <summary>Parameters of orchestrators, activities and entities, and the durable client of any other function.</summary>
internal static class DurableParameterBinding
{
    private static readonly MethodInfo GetInput = typeof(TaskOrchestrationContext).GetMethod(nameof(TaskOrchestrationContext.GetInput))!;

    public static ParameterBinder? BindOrchestrationTrigger(ParameterInfo parameter, FunctionProblems problems) =>
        BindExactly(parameter, typeof(TaskOrchestrationContext), "OrchestrationTrigger", problems);

    public static ParameterBinder? BindEntityTrigger(ParameterInfo parameter, FunctionProblems problems) =>
        BindExactly(parameter, typeof(TaskEntityDispatcher), "EntityTrigger", problems) is null
            ? null
            : static call =>
            {
                var dispatcher = (TaskEntityDispatcher)call.Trigger;
                dispatcher.Services = call.InstanceServices;
                return new ValueTask<object?>(dispatcher);
            };

    /// <summary>The parameter that receives an orchestration's input.</summary>
    public static ParameterBinder BindOrchestrationInput(ParameterInfo parameter)
    {
        Type type = parameter.ParameterType;
        ParameterExpression context = Expression.Parameter(typeof(TaskOrchestrationContext), "context");
        var read = Expression.Lambda<Func<TaskOrchestrationContext, object?>>(
            Expression.Convert(Expression.Call(context, GetInput.MakeGenericMethod(type)), typeof(object)), context).Compile();
        object? missing = parameter.HasDefaultValue ? parameter.DefaultValue : null;
        return call => new ValueTask<object?>(read((TaskOrchestrationContext)call.Trigger) ?? missing);
    }

    public static ParameterBinder BindActivityTrigger(string function, ParameterInfo parameter)
    {
        Type type = parameter.ParameterType;
        if (type == typeof(FunctionContext))
        {
            return static call => new ValueTask<object?>(call);
        }

        bool nullable = !type.IsValueType || Nullable.GetUnderlyingType(type) is not null;
        return call =>
        {
            if (((ActivityCall)call.Trigger).Input is { } input)
            {
                JsonSerializerOptions json = call.Root.GetRequiredService<IOptions<JsonSerializerOptions>>().Value;
                return new ValueTask<object?>(JsonSerializer.Deserialize(input, type, json));
            }

            if (parameter.HasDefaultValue)
            {
                return new ValueTask<object?>(parameter.DefaultValue);
            }

            return nullable
                ? default
                : throw new FunctionInputConverterException(
                    $"Function '{function}': could not populate the value for '{parameter.Name}' parameter: the activity was called without an input. "
                    + "Consider adding a default value or making the parameter nullable.");
        };
    }

    /// <summary>The only further value that the trigger of an activity carries.</summary>
    public static ParameterBinder? BindActivityOther(ParameterInfo parameter)
    {
        return parameter.ParameterType == typeof(string) && string.Equals(parameter.Name, "instanceId", StringComparison.OrdinalIgnoreCase)
            ? static call => new ValueTask<object?>(((ActivityCall)call.Trigger).InstanceId)
            : null;
    }

    public static ParameterBinder? BindClient(ParameterInfo parameter, DurableClientAttribute client, string hubName, FunctionProblems problems)
    {
        if (parameter.ParameterType != typeof(DurableTaskClient))
        {
            problems.Add(
                $"parameter '{parameter.Name}' has [DurableClient] and type {parameter.ParameterType.Name}.", $"Give it the type {nameof(DurableTaskClient)}.");
            return null;
        }

        if (client.TaskHub is { } hub && !string.Equals(hub, hubName, StringComparison.OrdinalIgnoreCase))
        {
            problems.Add(
                $"parameter '{parameter.Name}' asks for task hub '{hub}', but this host has '{hubName}'.",
                "Remove TaskHub from [DurableClient], or set extensions.durableTask.hubName in host.json.");
            return null;
        }

        return static call => new ValueTask<object?>(call.Root.GetRequiredService<DurableEngine>().Client);
    }

    private static ParameterBinder? BindExactly(ParameterInfo parameter, Type expected, string attribute, FunctionProblems problems)
    {
        if (parameter.ParameterType == expected)
        {
            return static call => new ValueTask<object?>(call.Trigger);
        }

        problems.Add($"parameter '{parameter.Name}' has [{attribute}] and type {parameter.ParameterType.Name}.", $"Give it the type {expected.Name}.");
        return null;
    }
}
