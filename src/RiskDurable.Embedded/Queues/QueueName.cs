using System.Text.RegularExpressions;

namespace RiskDurable.Embedded.Queues;

/// <summary>The naming rules of storage queues.</summary>
internal static partial class QueueName
{
    public const string Rules = "A queue's name has 3 to 63 lower-case letters, digits and single hyphens, and starts and ends with a letter or digit.";

    public static bool IsValid(string name) => name.Length is >= 3 and <= 63 && Pattern().IsMatch(name);

    [GeneratedRegex("^[a-z0-9]+(-[a-z0-9]+)*$")]
    private static partial Regex Pattern();
}
