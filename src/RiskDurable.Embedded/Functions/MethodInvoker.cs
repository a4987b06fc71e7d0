using System.Linq.Expressions;
using System.Reflection;

namespace RiskDurable.Embedded.Functions;

/// <summary>Calls a function's method.</summary>
/// <param name="instance">The function's object; null for a static method.</param>
/// <param name="arguments">One value per parameter.</param>
/// <returns>The method's result, awaited; null where it has none.</returns>
internal delegate ValueTask<object?> MethodInvoker(object? instance, object?[] arguments);

/// <summary>Compiles a method to a delegate once, so that no call goes through reflection.</summary>
internal static class MethodInvokerCompiler
{
    public static MethodInvoker Compile(MethodInfo method)
    {
        ParameterExpression instance = Expression.Parameter(typeof(object), "instance");
        ParameterExpression arguments = Expression.Parameter(typeof(object?[]), "arguments");
        IEnumerable<Expression> values = method.GetParameters().Select(parameter =>
            Expression.Convert(Expression.ArrayIndex(arguments, Expression.Constant(parameter.Position)), parameter.ParameterType));
        MethodCallExpression call = Expression.Call(method.IsStatic ? null : Expression.Convert(instance, method.DeclaringType!), method, values);
        return Expression.Lambda<MethodInvoker>(Await(call, method.ReturnType), instance, arguments).Compile();
    }

    /// <summary>The type that a call leaves behind once awaited; <c>void</c> where it leaves nothing.</summary>
    public static Type ResultType(MethodInfo method)
    {
        Type type = method.ReturnType;
        if (type == typeof(Task) || type == typeof(ValueTask))
        {
            return typeof(void);
        }

        return type.IsGenericType && type.GetGenericTypeDefinition() is var definition && (definition == typeof(Task<>) || definition == typeof(ValueTask<>))
            ? type.GenericTypeArguments[0]
            : type;
    }

    private static Expression Await(Expression call, Type type)
    {
        if (type == typeof(void))
        {
            return Expression.Block(call, Expression.Default(typeof(ValueTask<object?>)));
        }

        if (type == typeof(Task))
        {
            return Expression.Call(typeof(MethodInvokerCompiler), nameof(FromTask), null, call);
        }

        if (type == typeof(ValueTask))
        {
            return Expression.Call(typeof(MethodInvokerCompiler), nameof(FromValueTask), null, call);
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Task<>))
        {
            return Expression.Call(typeof(MethodInvokerCompiler), nameof(FromTaskOf), type.GenericTypeArguments, call);
        }

        return type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueTask<>)
            ? Expression.Call(typeof(MethodInvokerCompiler), nameof(FromValueTaskOf), type.GenericTypeArguments, call)
            : Expression.New(typeof(ValueTask<object?>).GetConstructor([typeof(object)])!, Expression.Convert(call, typeof(object)));
    }

    private static async ValueTask<object?> FromTask(Task task)
    {
        await task;
        return null;
    }

    private static async ValueTask<object?> FromValueTask(ValueTask task)
    {
        await task;
        return null;
    }

    private static async ValueTask<object?> FromTaskOf<T>(Task<T> task) => await task;

    private static async ValueTask<object?> FromValueTaskOf<T>(ValueTask<T> task) => await task;
}
