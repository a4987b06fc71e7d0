using System.Reflection;

namespace RiskDurable.Embedded.Hosting;

/// <summary>How a functions application runs inside another process, such as a command-line tool or a test.</summary>
public sealed record EmbeddedHostOptions
{
    /// <summary>
    /// The folder of <c>host.json</c> and <c>local.settings.json</c>. Where null: the current folder if it holds a <c>host.json</c>, else the
    /// folder of the program.
    /// </summary>
    public string? ContentRoot { get; init; }

    /// <summary>The folder of the durable state, made if missing; where null, <c>.durable</c> in the content root.</summary>
    public string? StateFolder { get; init; }

    /// <summary>Whether to answer HTTP. Without it the application is reached through <see cref="EmbeddedHost.Client"/> alone.</summary>
    public bool ListenForHttp { get; init; } = true;

    /// <summary>
    /// The port on the loopback interface, 0 for any free one. Where null, <c>Host.LocalHttpPort</c> of <c>local.settings.json</c>, or else 7071.
    /// </summary>
    public int? Port { get; init; }

    /// <summary>
    /// The IP address to listen on, <c>0.0.0.0</c> for all of this machine; where null, the loopback interface. Any other than that needs an <see cref="ApiKey"/>.
    /// </summary>
    public string? Address { get; init; }

    /// <summary>The key that callers must present where a function's level asks for one, and at the management API; null for none.</summary>
    public string? ApiKey { get; init; }

    /// <summary>The assemblies that hold the functions; where null, the one that holds the composition delegate.</summary>
    public IReadOnlyList<Assembly>? FunctionAssemblies { get; init; }

    /// <summary>Application settings that win over every other source, such as <c>"MySchedule"</c> or <c>"Section:Key"</c>.</summary>
    public IReadOnlyDictionary<string, string?> Settings { get; init; } = new Dictionary<string, string?>();

    /// <summary>The clock that timers, queues and the engine go by.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
