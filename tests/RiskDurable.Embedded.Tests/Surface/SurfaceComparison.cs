using System.Text.RegularExpressions;

namespace RiskDurable.Embedded.Tests.Surface;

/// <summary>Holds a mirrored type against the listing of the real one.</summary>
internal static partial class SurfaceComparison
{
    /// <summary>What the mirrored type has that the real one has not, or has differently.</summary>
    public static IEnumerable<string> Differences(Type mirrored, ListedType real)
    {
        string kind = KindOf(mirrored);
        if (kind != real.Kind)
        {
            yield return $"{mirrored}: is a {kind}, but the real one is a {real.Kind}";
        }

        IEnumerable<string> differences = kind switch
        {
            "enum" => Enum.GetNames(mirrored)
                .Select(name => $"{name}={Convert.ToInt64(Enum.Parse(mirrored, name), System.Globalization.CultureInfo.InvariantCulture)}")
                .Except(real.Lines.SelectMany(line => line.Split(", "))),
            "delegate" => MemberText.Delegate(mirrored) == real.Signature ? [] : [MemberText.Delegate(mirrored)],
            _ => MemberText.Of(mirrored).Where(member => !HasMember(real, member, mirrored.IsAbstract)).Select(Describe),
        };
        foreach (string difference in differences)
        {
            yield return $"{mirrored}: {difference}";
        }
    }

    private static bool HasMember(ListedType real, MemberSignature member, bool isAbstract) =>
        real.Lines.Select(line => Parse(line, isAbstract)).Any(listed => listed.Text == member.Text && !member.Accessors.Except(listed.Accessors).Any());

    private static string Describe(MemberSignature member) =>
        member.Accessors.Count == 0 ? member.Text : $"{member.Text} {{ {string.Join("; ", member.Accessors)}; }}";

    /// <summary>Brings a line of the listing to the form of <see cref="MemberText"/>.</summary>
    private static MemberSignature Parse(string line, bool isAbstract)
    {
        string text = AnyAttribute().Replace(line, "");
        string[] accessors = [];
        if (Accessors().Match(text) is { Success: true } found)
        {
            accessors = [.. found.Groups["list"].Value.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
            text = text[..found.Index];
        }

        text = Constraint().Replace(text, "");
        text = Modifier().Replace(text, "");
        if (isAbstract && text.StartsWith("protected new(", StringComparison.Ordinal))
        {
            text = text["protected ".Length..];
        }

        return new MemberSignature(text.Trim(), accessors);
    }

    private static string KindOf(Type type)
    {
        if (type.IsEnum)
        {
            return "enum";
        }

        if (typeof(Delegate).IsAssignableFrom(type))
        {
            return "delegate";
        }

        if (type.IsInterface)
        {
            return "interface";
        }

        bool isRecord = type.GetMethod("PrintMembers", System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.DeclaredOnly) is not null;
        if (type.IsValueType)
        {
            bool isReadOnly = type.IsDefined(typeof(System.Runtime.CompilerServices.IsReadOnlyAttribute), inherit: false);
            return $"{(isReadOnly ? "readonly " : "")}{(isRecord ? "record " : "")}struct";
        }

        string modifier = (type.IsAbstract, type.IsSealed) switch
        {
            (true, true) => "static ",
            (true, false) => "abstract ",
            (false, true) => "sealed ",
            _ => "",
        };
        return modifier + (isRecord ? "record" : "class");
    }

    [GeneratedRegex(@"\[(return: )?[A-Z]\w*(\([^\]]*\))?\] ")]
    private static partial Regex AnyAttribute();

    [GeneratedRegex(@" \{ (?<list>[^}]*) \}$")]
    private static partial Regex Accessors();

    [GeneratedRegex(@" where .*$")]
    private static partial Regex Constraint();

    [GeneratedRegex(@"\b(abstract|virtual|override|sealed) ")]
    private static partial Regex Modifier();
}
