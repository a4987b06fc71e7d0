using System.Reflection;

namespace RiskDurable.Embedded.DurableTask.Entities;

/// <summary>Finds and runs the method an operation names.</summary>
internal static class EntityDispatch
{
    private const BindingFlags Operations = BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase;

    /// <exception cref="AmbiguousMatchException">There are several methods of the operation's name.</exception>
    public static bool TryInvoke(TaskEntityOperation operation, object target, out object? result, out Type returnType)
    {
        MethodInfo? method = target.GetType().GetMethod(operation.Name, Operations);
        if (method is null)
        {
            (result, returnType) = (null, typeof(void));
            return false;
        }

        // DoNotWrapExceptions keeps the operation's own exception and stack trace.
        result = method.Invoke(target, Operations | BindingFlags.DoNotWrapExceptions, null, Bind(operation, method), null);
        returnType = method.ReturnType;
        return true;
    }

    /// <summary>Awaits what the method returned, then saves the state.</summary>
    public static async ValueTask<object?> UnwrapAsync(TaskEntityState state, Func<object?> current, object? returned, Type returnType)
    {
        object? result = returned;
        switch (returned)
        {
            case Task task:
                await task.ConfigureAwait(false);
                result = ResultOf(task, returnType);
                break;
            case ValueTask task:
                await task.ConfigureAwait(false);
                result = null;
                break;
            default:
                if (returnType.IsGenericType && returnType.GetGenericTypeDefinition() == typeof(ValueTask<>))
                {
                    Task task = (Task)returnType.GetMethod(nameof(ValueTask<>.AsTask))!.Invoke(returned, null)!;
                    await task.ConfigureAwait(false);
                    result = ResultOf(task, typeof(Task<>).MakeGenericType(returnType.GetGenericArguments()));
                }

                break;
        }

        state.SetState(current());
        return result;
    }

    private static object? ResultOf(Task task, Type declared) =>
        declared.IsGenericType ? declared.GetProperty(nameof(Task<>.Result))!.GetValue(task) : null;

    private static object?[] Bind(TaskEntityOperation operation, MethodInfo method)
    {
        ParameterInfo[] parameters = method.GetParameters();
        object?[] values = new object?[parameters.Length];
        ParameterInfo? context = null;
        ParameterInfo? input = null;
        for (int i = 0; i < parameters.Length; i++)
        {
            ParameterInfo parameter = parameters[i];
            if (parameter.ParameterType == typeof(TaskEntityContext))
            {
                context = Once(context, parameter, "context", operation);
                values[i] = operation.Context;
            }
            else
            {
                input = Once(input, parameter, "input", operation);
                values[i] = operation.HasInput ? operation.GetInput(parameter.ParameterType)
                    : parameter.HasDefaultValue ? parameter.DefaultValue
                    : throw new InvalidOperationException($"Error dispatching {operation} to '{method}'.\n"
                        + $"There was an error binding parameter '{parameter}'. The operation expected an input value, "
                        + "but no input was provided by the caller.");
            }
        }

        return values;
    }

    private static ParameterInfo Once(ParameterInfo? bound, ParameterInfo parameter, string concept, TaskEntityOperation operation) => bound is null
        ? parameter
        : throw new InvalidOperationException($"Error dispatching {operation} to '{parameter.Member}'.\nUnable to bind {concept} to '{parameter}' "
            + $"because it has already been bound to parameter '{bound}'. Please remove the duplicate parameter in method '{parameter.Member}'.");
}
