using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace RiskDurable.Embedded.Tests.Surface;

/// <summary>A member as text, its accessors apart.</summary>
/// <param name="Text">Access, <c>static</c>, type, name, parameters with defaults.</param>
/// <param name="Accessors">Such as <c>get, init</c>; empty for what is no property.</param>
internal sealed record MemberSignature(string Text, IReadOnlyList<string> Accessors);

/// <summary>Writes the members that callers and subclasses of a type see.</summary>
internal static class MemberText
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static IEnumerable<MemberSignature> Of(Type type)
    {
        foreach (ConstructorInfo constructor in type.GetConstructors(Declared).Where(IsVisible))
        {
            // Nobody can tell a public constructor of an abstract type from a protected one.
            string access = constructor.IsPublic || type.IsAbstract ? "" : "protected ";
            if (!IsCopyConstructor(type, constructor))
            {
                yield return new MemberSignature($"{access}new({Parameters(constructor)})", []);
            }
        }

        foreach (PropertyInfo property in type.GetProperties(Declared))
        {
            MethodInfo[] accessors = [.. property.GetAccessors(nonPublic: true).Where(IsVisible)];
            if (accessors.Length > 0 && property.Name != "EqualityContract")
            {
                yield return new MemberSignature(
                    $"{Access(accessors[0])}{TypeText.Of(property.PropertyType, NullableFlags.Of(property))} {property.Name}", [.. accessors.Select(Accessor)]);
            }
        }

        foreach (MethodInfo method in type.GetMethods(Declared).Where(IsVisible).Where(method => !IsImplied(type, method)))
        {
            yield return new MemberSignature(Method(method), []);
        }

        foreach (FieldInfo field in type.GetFields(Declared).Where(field => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly))
        {
            string fieldType = TypeText.Of(field.FieldType, NullableFlags.Of(field));
            yield return new MemberSignature(
                field.IsLiteral
                    ? $"const {fieldType} {field.Name} = {Constant(field.GetRawConstantValue())}"
                    : $"{(field.IsStatic ? "static " : "")}{(field.IsInitOnly ? "readonly " : "")}{fieldType} {field.Name}",
                []);
        }
    }

    /// <summary>A delegate's signature: <c>Task (FunctionContext context)</c>.</summary>
    public static string Delegate(Type type)
    {
        MethodInfo invoke = type.GetMethod("Invoke")!;
        return $"{TypeText.Of(invoke.ReturnType, NullableFlags.Of(invoke.ReturnParameter))} ({Parameters(invoke)})";
    }

    private static string Method(MethodInfo method)
    {
        string returned = TypeText.Of(method.ReturnType, NullableFlags.Of(method.ReturnParameter));
        string operatorName = method.Name switch
        {
            "op_Implicit" => $"implicit operator {returned}",
            "op_Explicit" => $"explicit operator {returned}",
            "op_Equality" => $"{returned} operator ==",
            "op_Inequality" => $"{returned} operator !=",
            _ => $"{returned} {method.Name}",
        };
        string generics = method.IsGenericMethodDefinition ? $"<{string.Join(", ", method.GetGenericArguments().Select(argument => argument.Name))}>" : "";
        string extension = method.IsDefined(typeof(ExtensionAttribute)) ? "this " : "";
        return $"{Access(method)}{operatorName}{generics}({extension}{Parameters(method)})";
    }

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(parameter =>
        (parameter.IsOut ? "out " : parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params " : "")
        + $"{TypeText.Of(parameter.ParameterType, NullableFlags.Of(parameter))} {parameter.Name}"
        + (parameter.HasDefaultValue ? $" = {Default(parameter)}" : "")));

    private static string Default(ParameterInfo parameter)
    {
        Type type = parameter.ParameterType;
        return parameter.DefaultValue is null && (type.IsGenericParameter || (type.IsValueType && Nullable.GetUnderlyingType(type) is null))
            ? "default"
            : Constant(parameter.DefaultValue);
    }

    private static string Constant(object? value) => value switch
    {
        null => "null",
        bool flag => flag ? "true" : "false",
        string text => $"\"{text}\"",
        double number => number.ToString(CultureInfo.InvariantCulture) + "d",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string Access(MethodBase method) =>
        (method.IsPublic ? "" : "protected ") + (method.IsStatic ? "static " : "");

    private static string Accessor(MethodInfo method) =>
        method.ReturnType != typeof(void) ? "get"
        : method.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? "init" : "set";

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    /// <summary>Accessors stand with their property; what every object has, and what the compiler adds to a record, says nothing.</summary>
    private static bool IsImplied(Type type, MethodInfo method)
    {
        bool isRecord = type.GetMethod("PrintMembers", Declared) is not null;
        return (method.IsSpecialName && !method.Name.StartsWith("op_", StringComparison.Ordinal))
            || method.Name is "GetHashCode" or "ToString" or "Finalize"
            || (method.Name == "Equals" && (isRecord || method.GetParameters()[0].ParameterType == typeof(object)))
            || (isRecord && method.Name is "<Clone>$" or "PrintMembers" or "op_Equality" or "op_Inequality");
    }

    private static bool IsCopyConstructor(Type type, ConstructorInfo constructor) =>
        constructor.IsDefined(typeof(CompilerGeneratedAttribute)) && constructor.GetParameters() is [{ } parameter] && parameter.ParameterType == type;
}
