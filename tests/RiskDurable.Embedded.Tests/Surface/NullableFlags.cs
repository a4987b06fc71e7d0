using System.Reflection;

namespace RiskDurable.Embedded.Tests.Surface;

/// <summary>
/// The compiler's notes on what may be null, one a type in the order of writing. <see cref="NullabilityInfoContext"/> does not do: it says
/// of <c>T</c> and <c>T?</c> alike that they may be null, and the difference is part of a signature.
/// </summary>
internal sealed class NullableFlags
{
    public const byte Nullable = 2;

    private const string Attribute = "System.Runtime.CompilerServices.NullableAttribute";
    private const string ContextAttribute = "System.Runtime.CompilerServices.NullableContextAttribute";

    private readonly byte[] _flags;
    private int _position;

    private NullableFlags(byte[] flags) => _flags = flags;

    public static NullableFlags Of(ParameterInfo parameter) => Read(parameter.GetCustomAttributesData(), parameter.Member);

    public static NullableFlags Of(PropertyInfo property) => Read(property.GetCustomAttributesData(), property.GetAccessors(nonPublic: true)[0]);

    public static NullableFlags Of(FieldInfo field) => Read(field.GetCustomAttributesData(), field.DeclaringType!);

    /// <summary>The next type's flag. A single flag stands for all.</summary>
    public byte Next() => _flags.Length == 1 ? _flags[0] : _flags[_position++];

    private static NullableFlags Read(IEnumerable<CustomAttributeData> attributes, MemberInfo context)
    {
        if (attributes.FirstOrDefault(attribute => attribute.AttributeType.FullName == Attribute) is { } own)
        {
            return new NullableFlags(own.ConstructorArguments[0].Value switch
            {
                byte all => [all],
                IReadOnlyCollection<CustomAttributeTypedArgument> each => [.. each.Select(flag => (byte)flag.Value!)],
                var other => throw new InvalidOperationException($"Unknown form of {Attribute}: {other}"),
            });
        }

        for (MemberInfo? member = context; member is not null; member = member.DeclaringType)
        {
            if (member.GetCustomAttributesData().FirstOrDefault(attribute => attribute.AttributeType.FullName == ContextAttribute) is { } inherited)
            {
                return new NullableFlags([(byte)inherited.ConstructorArguments[0].Value!]);
            }
        }

        return new NullableFlags([0]);
    }
}
