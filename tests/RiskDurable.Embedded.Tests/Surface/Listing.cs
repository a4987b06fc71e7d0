using System.Text.RegularExpressions;

namespace RiskDurable.Embedded.Tests.Surface;

/// <summary>A public type of the real programming model.</summary>
/// <param name="Kind">Such as <c>sealed class</c>.</param>
/// <param name="Signature">What follows the kind of a delegate.</param>
/// <param name="Lines">Its members, one a line.</param>
internal sealed record ListedType(string Kind, string Signature, List<string> Lines);

/// <summary>The signatures of the real packages, read from the text files beside the tests.</summary>
internal static partial class Listing
{
    public static IReadOnlyDictionary<string, ListedType> All { get; } = Read(Path.Combine(AppContext.BaseDirectory, "Listings"));

    private static Dictionary<string, ListedType> Read(string folder)
    {
        var types = new Dictionary<string, ListedType>(StringComparer.Ordinal);
        ListedType? current = null;
        foreach (string line in Directory.EnumerateFiles(folder, "*.txt").Order(StringComparer.Ordinal).SelectMany(File.ReadLines))
        {
            if (Header().Match(line) is { Success: true } header)
            {
                string name = NameWithArity(header.Groups["name"].Value);
                current = types.TryGetValue(name, out ListedType? known)
                    ? known
                    : types[name] = new ListedType(header.Groups["kind"].Value, header.Groups["rest"].Value.Trim(), []);
            }
            else if (line.StartsWith("  ", StringComparison.Ordinal))
            {
                current!.Lines.Add(line.Trim());
            }
        }

        return types;
    }

    /// <summary><c>Page&lt;T&gt;</c> becomes <c>Page`1</c>, as reflection calls it.</summary>
    private static string NameWithArity(string name)
    {
        int bracket = name.IndexOf('<', StringComparison.Ordinal);
        return bracket < 0 ? name : $"{name[..bracket]}`{name[bracket..].Count(character => character == ',') + 1}";
    }

    [GeneratedRegex(@"^(?<name>[A-Z][\w.]*(<[^>]+>)?)  \[(?<kind>[a-z ]+)\](?<rest>.*)$")]
    private static partial Regex Header();
}
