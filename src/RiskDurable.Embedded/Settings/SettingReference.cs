using System.Diagnostics.CodeAnalysis;
using System.Text;
using Microsoft.Extensions.Configuration;

namespace RiskDurable.Embedded.Settings;

/// <summary>Resolves <c>%NAME%</c> in a trigger's attribute to the application setting of that name.</summary>
internal static class SettingReference
{
    /// <summary>Replaces every reference.</summary>
    /// <param name="text">The attribute's text.</param>
    /// <param name="settings">The application settings.</param>
    /// <param name="resolved">The text with the settings' values.</param>
    /// <param name="missing">The first setting that is not there, or the text itself where a <c>%</c> has no partner.</param>
    public static bool TryResolve(
        string text, IConfiguration settings, [NotNullWhen(true)] out string? resolved, [NotNullWhen(false)] out string? missing)
    {
        resolved = null;
        missing = null;
        var built = new StringBuilder();
        int position = 0;
        while (text.IndexOf('%', position) is var start and >= 0)
        {
            int end = text.IndexOf('%', start + 1);
            if (end < 0)
            {
                missing = text;
                return false;
            }

            string name = text[(start + 1)..end];
            if (settings[name.Replace("__", ":", StringComparison.Ordinal)] is not { } value)
            {
                missing = name;
                return false;
            }

            built.Append(text, position, start - position).Append(value);
            position = end + 1;
        }

        resolved = built.Append(text, position, text.Length - position).ToString();
        return true;
    }
}
