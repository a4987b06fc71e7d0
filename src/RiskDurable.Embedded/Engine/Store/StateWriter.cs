using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace RiskDurable.Embedded.Engine.Store;

/// <summary>
/// The one thread that writes. It takes whatever has been submitted since its last commit into one transaction, so that many steps share one
/// flush of the disk: the busier the engine, the more. Effects are released by a second thread while the first writes on.
/// </summary>
internal sealed class StateWriter : IDisposable
{
    private const int MostWritesACommit = 2_000;

    private readonly BlockingCollection<StoreWrite> _submitted = [];
    private readonly BlockingCollection<StoreWrite[]> _committed = [];
    private readonly TaskCompletionSource _faulted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SqliteConnection _connection;
    private readonly ILogger _logger;
    private readonly Thread _writing;
    private readonly Thread _releasing;
    private volatile Exception? _failure;
    private int _pending;

    public StateWriter(SqliteConnection connection, ILogger logger)
    {
        (_connection, _logger) = (connection, logger);
        _writing = new Thread(Write) { Name = "state writer", IsBackground = true };
        _releasing = new Thread(Release) { Name = "state writer effects", IsBackground = true };
        _writing.Start();
        _releasing.Start();
    }

    /// <summary>Fails when the file can no longer be written.</summary>
    public Task Faulted => _faulted.Task;

    /// <summary>Number of transactions so far.</summary>
    public long Commits { get; private set; }

    /// <summary>Whether everything submitted is stored and its effects are released.</summary>
    public bool IsIdle => Volatile.Read(ref _pending) == 0;

    /// <exception cref="ObjectDisposedException">The engine has stopped.</exception>
    public void Submit(StoreWrite write)
    {
        if (!TrySubmit(write))
        {
            throw new ObjectDisposedException(nameof(DurableEngine), "The host has stopped; nothing can be stored any more.");
        }
    }

    /// <summary>Submits a write; false if the engine has stopped.</summary>
    public bool TrySubmit(StoreWrite write)
    {
        if (_failure is { } failure)
        {
            write.Failed(failure);
            return true;
        }

        try
        {
            Interlocked.Increment(ref _pending);
            _submitted.Add(write);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    public async Task<T> WriteAsync<T>(Func<WriteStatements, T> apply, Action? committed, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        AwaitedWrite<T> write = new(apply, committed);
        Submit(write);
        return await write.Done.WaitAsync(cancellation).ConfigureAwait(false);
    }

    public async Task WriteAsync(Action<WriteStatements> apply, Action? committed, CancellationToken cancellation) => await WriteAsync(
        statements =>
        {
            apply(statements);
            return true;
        },
        committed,
        cancellation).ConfigureAwait(false);

    /// <summary>Stores what has been submitted, then ends.</summary>
    public void Dispose()
    {
        _submitted.CompleteAdding();
        _writing.Join();
        _committed.CompleteAdding();
        _releasing.Join();
        _submitted.Dispose();
        _committed.Dispose();
    }

    private void Write()
    {
        using Statement begin = new(_connection, "BEGIN IMMEDIATE");
        using Statement commit = new(_connection, "COMMIT");
        using WriteStatements statements = new(_connection);
        List<StoreWrite> batch = [];
        foreach (StoreWrite first in _submitted.GetConsumingEnumerable())
        {
            batch.Clear();
            batch.Add(first);
            while (batch.Count < MostWritesACommit && _submitted.TryTake(out StoreWrite? next))
            {
                batch.Add(next);
            }

            if (_failure is null)
            {
                TryCommit(batch, begin, commit, statements);
            }

            if (_failure is { } failure)
            {
                batch.ForEach(write => write.Failed(failure));
            }
            else
            {
                _committed.Add([.. batch]);
            }
        }
    }

    private void TryCommit(List<StoreWrite> batch, Statement begin, Statement commit, WriteStatements statements)
    {
        try
        {
            begin.Run();
            foreach (StoreWrite write in batch)
            {
                write.Apply(statements);
            }

            commit.Run();
            Commits++;
        }
        catch (Exception cause)
        {
            // Memory is now ahead of the disk and nothing may be acknowledged any more. The next start goes on from the last commit.
            _logger.LogCritical(cause, "The state file cannot be written: {Reason}. The host must be restarted; nothing that was acknowledged is lost.", cause.Message);
            _failure = new IOException("The state file cannot be written: " + cause.Message, cause);
            _faulted.TrySetException(_failure);
        }
    }

    private void Release()
    {
        foreach (StoreWrite[] batch in _committed.GetConsumingEnumerable())
        {
            foreach (StoreWrite write in batch)
            {
                write.Committed();
                Interlocked.Decrement(ref _pending);
            }
        }
    }
}
