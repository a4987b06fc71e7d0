namespace RiskDurable.Embedded.Settings;

/// <summary>What <c>local.settings.json</c> holds. The file never leaves the developer's machine.</summary>
internal sealed record LocalSettings
{
    public const string FileName = "local.settings.json";

    /// <summary>Application settings: configuration and, in a process of its own, environment variables.</summary>
    public IReadOnlyDictionary<string, string?> Values { get; init; } = new Dictionary<string, string?>();

    public IReadOnlyDictionary<string, string?> ConnectionStrings { get; init; } = new Dictionary<string, string?>();

    public int? HttpPort { get; init; }

    /// <summary>Origins that browsers may call from; <c>*</c> for any.</summary>
    public IReadOnlyList<string> CorsOrigins { get; init; } = [];

    public bool CorsCredentials { get; init; }

    /// <summary>Reads the file of a folder; without one, everything is empty.</summary>
    /// <exception cref="SettingsFileException">The file has an unknown or ill-typed value, or is encrypted.</exception>
    public static LocalSettings Read(string folder)
    {
        string file = Path.Combine(folder, FileName);
        return File.Exists(file) ? Read(JsonSection.Root(file, JsonSection.ReadFile(file))) : new LocalSettings();
    }

    /// <summary>The settings as configuration keys: <c>__</c> in a name separates sections, as in an environment variable.</summary>
    public Dictionary<string, string?> ToConfiguration()
    {
        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach ((string name, string? value) in Values)
        {
            settings[name.Replace("__", ":", StringComparison.Ordinal)] = value;
        }

        foreach ((string name, string? value) in ConnectionStrings)
        {
            settings[$"ConnectionStrings:{name}"] = value;
        }

        return settings;
    }

    private static LocalSettings Read(JsonSection root)
    {
        root.AllowOnly("IsEncrypted", "Values", "Host", "ConnectionStrings");
        if (root.Boolean("IsEncrypted") == true)
        {
            throw root.Problem("IsEncrypted", "encrypted settings cannot be read here: decrypt the file with 'func settings decrypt'.");
        }

        JsonSection host = root.Section("Host");
        host.AllowOnly("LocalHttpPort", "CORS", "CORSCredentials");
        var settings = new LocalSettings
        {
            Values = ReadTexts(root.Section("Values")),
            ConnectionStrings = ReadConnectionStrings(root.Section("ConnectionStrings")),
            HttpPort = host.Integer("LocalHttpPort", 0, 65535),
            CorsOrigins = [.. (host.Text("CORS") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)],
            CorsCredentials = host.Boolean("CORSCredentials") ?? false,
        };
        return settings.CorsCredentials && settings.CorsOrigins.Contains("*")
            ? throw host.Problem("CORSCredentials", "cannot be true while CORS is \"*\": name the origins.")
            : settings;
    }

    private static Dictionary<string, string?> ReadTexts(JsonSection section)
    {
        var read = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (string name in section.Names)
        {
            read[name] = section.Scalar(name);
        }

        return read;
    }

    private static Dictionary<string, string?> ReadConnectionStrings(JsonSection section)
    {
        var read = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (string name in section.Names)
        {
            read[name] = section.IsObject(name) ? section.Section(name).Text("ConnectionString") : section.Text(name);
        }

        return read;
    }
}
