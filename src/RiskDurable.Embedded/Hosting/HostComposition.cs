using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using RiskDurable.Embedded.Http;
using RiskDurable.Embedded.Settings;
using RiskDurable.Embedded.Worker.Middleware;

namespace RiskDurable.Embedded.Hosting;

/// <summary>Puts the host together: settings files, services, functions, HTTP.</summary>
internal sealed class HostComposition
{
    private readonly EmbeddedHostOptions _options;
    private readonly string _contentRoot;
    private readonly LocalSettings _localSettings;
    private bool _hasWebApplication;

    private HostComposition(string[] args, EmbeddedHostOptions options, bool ownsProcess)
    {
        _options = options;
        _contentRoot = Path.GetFullPath(options.ContentRoot ?? FindContentRoot());
        _localSettings = Complain(() => LocalSettings.Read(_contentRoot));
        if (ownsProcess)
        {
            PublishToEnvironment();
        }

        Builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = _contentRoot });
        AddSettings();
        Services.Configure<JsonSerializerOptions>(json => json.PropertyNameCaseInsensitive = true);
        if (!ownsProcess)
        {
            Services.RemoveAll<IHostLifetime>();
            Services.AddSingleton<IHostLifetime, CallerLifetime>();
        }
    }

    public WebApplicationBuilder Builder { get; }

    public IServiceCollection Services => Builder.Services;

    public List<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> Middleware { get; } = [];

    /// <summary>The application is the process: it owns signals and environment.</summary>
    public static HostComposition ForProcess(string[] args)
    {
        string? root = new ConfigurationBuilder().AddEnvironmentVariables().AddCommandLine(args).Build()["contentRoot"];
        Assembly entry = Assembly.GetEntryAssembly() ?? throw new InvalidOperationException("The process has no managed entry assembly to find functions in.");
        return new HostComposition(args, new EmbeddedHostOptions { ContentRoot = root, FunctionAssemblies = [entry] }, ownsProcess: true);
    }

    /// <summary>The application is a guest of the process.</summary>
    public static HostComposition ForCaller(EmbeddedHostOptions options) => new([], options, ownsProcess: false);

    public void UseWebApplication()
    {
        if (!_hasWebApplication)
        {
            _hasWebApplication = true;
            Services.AddMvcCore();
        }
    }

    public IHost Build()
    {
        HostJson hostJson = Complain(() => HostJson.Read(_contentRoot, Builder.Configuration));
        HostSettings settings = HostSettings.Read(Builder.Configuration, _contentRoot);
        _ = TimeZoneSetting.Read(Builder.Configuration);
        AddLogLevels(hostJson);
        if (_options.ListenForHttp)
        {
            Listen(settings);
            ListenAddresses.Check(ListenAddresses.Of(Builder.Configuration), settings.ApiKey);
            Services.Configure<KestrelServerOptions>(server => server.AddServerHeader = false);
        }
        else
        {
            Services.AddSingleton<IServer, NoServer>();
        }

        var parts = new HostParts(hostJson, settings, _localSettings, _options, _hasWebApplication);
        parts.AddTo(Services, Builder.Configuration, Middleware);
        WebApplication application = Builder.Build();
        parts.MapTo(application);
        return application;
    }

    /// <summary>Gives a settings file's complaint the form of every other start-up error.</summary>
    private static T Complain<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (SettingsFileException problem)
        {
            throw new HostStartupException("A settings file cannot be used:", [problem.Message]);
        }
    }

    private static string FindContentRoot()
    {
        string current = Directory.GetCurrentDirectory();
        return File.Exists(Path.Combine(current, HostJson.FileName)) ? current : AppContext.BaseDirectory;
    }

    /// <summary>As Core Tools does: variables that are set already win.</summary>
    private void PublishToEnvironment()
    {
        foreach ((string name, string? value) in _localSettings.Values)
        {
            if (Environment.GetEnvironmentVariable(name) is null)
            {
                Environment.SetEnvironmentVariable(name, value);
            }
        }
    }

    private void AddSettings()
    {
        IList<IConfigurationSource> sources = Builder.Configuration.Sources;
        int environment = sources.Select((source, index) => (source, index))
            .Last(entry => entry.source is EnvironmentVariablesConfigurationSource).index;
        sources.Insert(environment, new MemoryConfigurationSource { InitialData = _localSettings.ToConfiguration() });

        var given = new Dictionary<string, string?>(_options.Settings);
        Give($"{HostSettings.Section}:StateFolder", _options.StateFolder is { } folder ? Path.GetFullPath(folder) : null);
        Give($"{HostSettings.Section}:Port", _options.Port?.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Give($"{HostSettings.Section}:Address", _options.Address);
        Give($"{HostSettings.Section}:ApiKey", _options.ApiKey);
        Builder.Configuration.AddInMemoryCollection(given);

        void Give(string name, string? value)
        {
            if (value is not null)
            {
                given[name] = value;
            }
        }
    }

    /// <summary>Levels of <c>host.json</c> are defaults: any other source wins.</summary>
    private void AddLogLevels(HostJson hostJson)
    {
        var levels = new Dictionary<string, string?> { ["Logging:LogLevel:Microsoft.AspNetCore"] = "Warning" };
        foreach ((string category, string level) in hostJson.LogLevels)
        {
            levels[$"Logging:LogLevel:{category}"] = level;
        }

        Builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = levels });
    }

    private void Listen(HostSettings settings)
    {
        if (settings.Port is null && settings.Address is null && !string.IsNullOrEmpty(Builder.Configuration["urls"]))
        {
            return;
        }

        int port = settings.Port ?? _localSettings.HttpPort ?? HostSettings.DefaultPort;
        // A name cannot be bound to a free port: that needs one address.
        Builder.Configuration["urls"] = $"http://{settings.Address ?? (port == 0 ? "127.0.0.1" : "localhost")}:{port}";
    }
}
