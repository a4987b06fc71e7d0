using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace RiskDurable.Embedded.Hosting;

/// <summary>The <c>EmbeddedHost</c> section of the settings: what this host alone needs to know.</summary>
internal sealed record HostSettings
{
    public const string Section = "EmbeddedHost";
    public const string DefaultStateFolder = ".durable";
    public const int DefaultPort = 7071;

    public required string StateFolder { get; init; }

    /// <summary>Null where nothing says.</summary>
    public int? Port { get; init; }

    /// <summary>IP address to listen on; null for the loopback interface.</summary>
    public string? Address { get; init; }

    public string? ApiKey { get; init; }

    /// <summary>Requests a second that a caller may send; 0 for no limit, null where nothing says.</summary>
    public int? RequestsPerSecond { get; init; }

    /// <summary>The lane of an activity by its name.</summary>
    public IReadOnlyDictionary<string, string> LaneOfActivity { get; init; } = new Dictionary<string, string>();

    /// <summary>Slots that only a lane's activities may use.</summary>
    public IReadOnlyDictionary<string, int> ReservedSlots { get; init; } = new Dictionary<string, int>();

    /// <summary>Slots that a lane's activities use at most.</summary>
    public IReadOnlyDictionary<string, int> MostSlots { get; init; } = new Dictionary<string, int>();

    /// <exception cref="HostStartupException">A setting is ill-typed.</exception>
    public static HostSettings Read(IConfiguration settings, string contentRoot)
    {
        IConfigurationSection section = settings.GetSection(Section);
        var lanes = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var reserved = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        var most = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (IConfigurationSection lane in section.GetSection("ActivityLanes").GetChildren())
        {
            if (Integer(lane, "ReservedSlots", 1, int.MaxValue) is { } kept)
            {
                reserved[lane.Key] = kept;
            }

            if (Integer(lane, "MostSlots", 1, int.MaxValue) is { } limit)
            {
                most[lane.Key] = limit;
            }

            if (!reserved.ContainsKey(lane.Key) && !most.ContainsKey(lane.Key))
            {
                throw Wrong(lane.Path, "ReservedSlots or MostSlots is missing: say how many activity slots are kept for the lane, or how many it uses at most");
            }

            foreach (string function in (lane["Functions"] ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                lanes[function] = lane.Key;
            }
        }

        return new HostSettings
        {
            StateFolder = Path.GetFullPath(section["StateFolder"] is { Length: > 0 } given ? given : DefaultStateFolder, contentRoot),
            Port = Integer(section, "Port", 0, 65535),
            Address = AddressOf(section),
            RequestsPerSecond = Integer(section, "RequestsPerSecond", 0, 1_000_000),
            ApiKey = section["ApiKey"] is { Length: > 0 } key ? key : null,
            LaneOfActivity = lanes,
            ReservedSlots = reserved,
            MostSlots = most,
        };
    }

    private static string? AddressOf(IConfigurationSection section)
    {
        if (section["Address"] is not { Length: > 0 } text)
        {
            return null;
        }

        return System.Net.IPAddress.TryParse(text, out System.Net.IPAddress? address)
            ? address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString()
            : throw Wrong($"{section.Path}:Address", $"\"{text}\" is no IP address; 0.0.0.0 stands for all of this machine");
    }

    private static int? Integer(IConfigurationSection section, string name, int lowest, int highest)
    {
        if (section[name] is not { } text)
        {
            return null;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= lowest && value <= highest
            ? value
            : throw Wrong($"{section.Path}:{name}", $"\"{text}\" is no whole number from {lowest} to {highest}");
    }

    private static HostStartupException Wrong(string path, string problem) =>
        new("A setting is wrong:", [$"{path}: {problem}."]);
}
