namespace RiskDurable.Embedded.Tests.Surface;

/// <summary>Writes types as the listings do: C# keywords, short names, <c>?</c> where null is allowed.</summary>
internal static class TypeText
{
    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(object)] = "object",
        [typeof(string)] = "string",
        [typeof(bool)] = "bool",
        [typeof(int)] = "int",
        [typeof(long)] = "long",
        [typeof(double)] = "double",
        [typeof(byte)] = "byte",
    };

    /// <summary>Writes a type and takes its flags in the order in which the compiler wrote them: outer types before inner ones.</summary>
    public static string Of(Type type, NullableFlags flags)
    {
        if (type.IsByRef)
        {
            return Of(type.GetElementType()!, flags);
        }

        if (type.IsValueType && !type.IsGenericType)
        {
            return Plain(type);
        }

        if (Nullable.GetUnderlyingType(type) is { } plain)
        {
            return Of(plain, flags) + "?";
        }

        string mark = flags.Next() == NullableFlags.Nullable ? "?" : "";
        return type switch
        {
            { IsArray: true } => Of(type.GetElementType()!, flags) + "[]",
            { IsGenericType: true } => $"{Name(type)}<{string.Join(", ", type.GetGenericArguments().Select(argument => Of(argument, flags)).ToArray())}>",
            _ => Plain(type),
        } + mark;
    }

    private static string Plain(Type type) => Keywords.TryGetValue(type, out string? keyword) ? keyword : type.Name;

    private static string Name(Type type) => type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)];
}
