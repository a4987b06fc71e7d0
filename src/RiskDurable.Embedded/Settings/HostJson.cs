using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace RiskDurable.Embedded.Settings;

/// <summary>What the host takes from <c>host.json</c>, with the real host's defaults. Settings that only Azure reads are accepted and left alone.</summary>
internal sealed record HostJson
{
    public const string FileName = "host.json";

    /// <summary>Application settings under this section override the file, as in Azure.</summary>
    private const string OverrideSection = "AzureFunctionsJobHost";

    public string RoutePrefix { get; init; } = "api";

    /// <summary>Null where the file names none.</summary>
    public string? HubName { get; init; }

    public int? MaxConcurrentActivities { get; init; }

    public int? MaxConcurrentOrchestrators { get; init; }

    public QueueSettings Queues { get; init; } = new();

    /// <summary>The longest that a function may run; null for no limit.</summary>
    public TimeSpan? FunctionTimeout { get; init; }

    /// <summary>Log levels by category.</summary>
    public IReadOnlyDictionary<string, string> LogLevels { get; init; } = new Dictionary<string, string>();

    /// <summary>Names of functions to load; null for all.</summary>
    public IReadOnlyList<string>? Functions { get; init; }

    /// <summary>Reads <c>host.json</c> of a folder; without one, the defaults hold.</summary>
    /// <exception cref="SettingsFileException">The file has an unknown or ill-typed value.</exception>
    public static HostJson Read(string folder, IConfiguration overrides)
    {
        string file = Path.Combine(folder, FileName);
        JsonObject root = File.Exists(file) ? JsonSection.ReadFile(file) : [];
        Override(root, overrides.GetSection(OverrideSection));
        return Read(JsonSection.Root(file, root));
    }

    private static HostJson Read(JsonSection root)
    {
        root.AllowOnly(
            "version", "$schema", "aggregator", "applicationInsights", "concurrency", "customHandler", "durableTask", "extensionBundle",
            "extensions", "functions", "functionTimeout", "healthMonitor", "http", "logging", "managedDependency", "queues", "retry",
            "sendCanceledInvocationsToWorker", "singleton", "telemetryMode", "watchDirectories", "watchFiles");
        if (root.Text("version") is { } version && version != "2.0")
        {
            throw root.Problem("version", $"\"{version}\" is not supported; the isolated worker model uses \"2.0\".");
        }

        foreach (string name in root.Names.Where(name => name.ToUpperInvariant() is "DURABLETASK" or "HTTP" or "QUEUES"))
        {
            throw root.Problem(name, $"belongs under \"extensions\" in a version 2.0 file: move it to $.extensions.{name}.");
        }

        JsonSection extensions = root.Section("extensions");
        JsonSection http = HttpSection(extensions);
        JsonSection durable = DurableSection(extensions);
        return new HostJson
        {
            RoutePrefix = (http.Text("routePrefix") ?? "api").Trim('/'),
            HubName = durable.Text("hubName"),
            MaxConcurrentActivities = durable.Integer("maxConcurrentActivityFunctions", 1, int.MaxValue),
            MaxConcurrentOrchestrators = durable.Integer("maxConcurrentOrchestratorFunctions", 1, int.MaxValue),
            Queues = QueueSettings.Read(extensions.Section("queues")),
            FunctionTimeout = ReadTimeout(root),
            LogLevels = ReadLogLevels(root.Section("logging")),
            Functions = root.TextArray("functions"),
        };
    }

    private static JsonSection HttpSection(JsonSection extensions)
    {
        JsonSection http = extensions.Section("http");
        http.AllowOnly("routePrefix", "maxOutstandingRequests", "maxConcurrentRequests", "dynamicThrottlesEnabled", "customHeaders", "hsts");
        return http;
    }

    private static JsonSection DurableSection(JsonSection extensions)
    {
        JsonSection durable = extensions.Section("durableTask");
        durable.AllowOnly(
            "appLeaseOptions", "defaultVersion", "entityMessageReorderWindowInMinutes", "extendedSessionIdleTimeoutInSeconds",
            "extendedSessionsEnabled", "grpc", "httpSettings", "hubName", "localRpcEndpointEnabled", "maxConcurrentActivityFunctions",
            "maxConcurrentEntityFunctions", "maxConcurrentOrchestratorFunctions", "maxEntityOperationBatchSize",
            "maxGrpcMessageSizeInBytes", "maxOrchestrationActions", "notifications", "overridableExistingInstanceStates",
            "rollbackEntityOperationsOnExceptions", "storageProvider", "storeInputsInOrchestrationHistory",
            "throwStatusExceptionsOnRaiseEvent", "tracing", "useAppLease", "useGracefulShutdown", "versionFailureStrategy",
            "versionMatchStrategy");
        return durable;
    }

    private static TimeSpan? ReadTimeout(JsonSection root)
    {
        if (root.Scalar("functionTimeout") == "-1")
        {
            return null;
        }

        return root.Duration("functionTimeout") switch
        {
            { } timeout when timeout <= TimeSpan.Zero => throw root.Problem("functionTimeout", "must be longer than zero, or \"-1\" for no limit."),
            var timeout => timeout,
        };
    }

    private static Dictionary<string, string> ReadLogLevels(JsonSection logging)
    {
        logging.AllowOnly("logLevel", "fileLoggingMode", "console", "applicationInsights");
        JsonSection levels = logging.Section("logLevel");
        var read = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (string category in levels.Names)
        {
            string level = levels.Text(category) ?? "None";
            if (!Enum.TryParse<LogLevel>(level, ignoreCase: true, out _))
            {
                throw levels.Problem(category, $"\"{level}\" is no log level: use Trace, Debug, Information, Warning, Error, Critical or None.");
            }

            read[category] = level;
        }

        return read;
    }

    private static void Override(JsonObject target, IConfigurationSection section)
    {
        foreach (IConfigurationSection child in section.GetChildren())
        {
            // The file's own spelling wins, or the same member would stand there twice.
            string name = target.Select(member => member.Key).FirstOrDefault(key => string.Equals(key, child.Key, StringComparison.OrdinalIgnoreCase))
                ?? child.Key;
            if (child.Value is { } value)
            {
                target[name] = value;
            }
            else
            {
                if (target[name] is not JsonObject inner)
                {
                    target[name] = inner = [];
                }

                Override(inner, child);
            }
        }
    }
}
