using System.Collections.Concurrent;

namespace RiskDurable.Embedded.SampleApp;

/// <summary>What functions without a result of their own have seen, in memory.</summary>
public sealed class Ledger
{
    private readonly ConcurrentQueue<string> _entries = new();

    public IReadOnlyCollection<string> Entries => _entries;

    public void Add(string entry) => _entries.Enqueue(entry);
}

/// <summary>Lives as long as one call.</summary>
public sealed class CallScope
{
    public Guid Id { get; } = Guid.NewGuid();
}

/// <summary>Counts the calls of each function.</summary>
public sealed class CallCounter : IFunctionsWorkerMiddleware
{
    private readonly ConcurrentDictionary<string, int> _counts = new();

    public int CountOf(string function) => _counts.GetValueOrDefault(function);

    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        _counts.AddOrUpdate(context.FunctionDefinition.Name, 1, (_, count) => count + 1);
        return next(context);
    }
}
