using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace RiskDurable.Embedded.Engine.Store;

/// <summary>Reads beside the writer: every call sees the last commit and holds up nobody.</summary>
internal sealed class StateReader(Func<SqliteConnection> open) : IDisposable
{
    private readonly ConcurrentBag<ReadStatements> _idle = [];

    public T Read<T>(Func<ReadStatements, T> read)
    {
        ReadStatements statements = _idle.TryTake(out ReadStatements? idle) ? idle : new ReadStatements(open());
        try
        {
            return read(statements);
        }
        finally
        {
            _idle.Add(statements);
        }
    }

    public void Dispose()
    {
        while (_idle.TryTake(out ReadStatements? statements))
        {
            statements.Dispose();
        }
    }
}
