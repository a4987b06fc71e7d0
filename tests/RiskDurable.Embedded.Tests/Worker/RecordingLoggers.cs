using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace RiskDurable.Embedded.Tests.Worker;

internal sealed record RecordedLine(string Category, string Message, IReadOnlyDictionary<string, object?> Scope);

/// <summary>Keeps what is logged, with the fields of the scopes around it.</summary>
internal sealed class RecordingLoggers : ILoggerProvider, ISupportExternalScope
{
    private readonly ConcurrentQueue<RecordedLine> _lines = new();
    private IExternalScopeProvider _scopes = new LoggerExternalScopeProvider();

    public IReadOnlyCollection<RecordedLine> Lines => _lines;

    public ILogger CreateLogger(string categoryName) => new Recorder(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Dispose()
    {
    }

    private sealed class Recorder(RecordingLoggers owner, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => owner._scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var fields = new Dictionary<string, object?>();
            owner._scopes.ForEachScope(
                (scope, all) =>
                {
                    foreach (KeyValuePair<string, object?> field in scope as IEnumerable<KeyValuePair<string, object?>> ?? [])
                    {
                        all[field.Key] = field.Value;
                    }
                },
                fields);
            owner._lines.Enqueue(new RecordedLine(category, formatter(state, exception), fields));
        }
    }
}
