using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace RiskDurable.Embedded.Engine.Store;

/// <summary>The one file that holds all state, with its lock, its writer and its readers.</summary>
internal sealed class StateFile : IDisposable
{
    private const int Format = 2;

    private readonly FolderLock _lock;
    private readonly SqliteConnection _connection;

    private StateFile(FolderLock folderLock, SqliteConnection connection, string path, ILogger logger)
    {
        (_lock, _connection, Path) = (folderLock, connection, path);
        Writer = new StateWriter(connection, logger);
        Reader = new StateReader(() => Open(path, readOnly: true));
    }

    public string Path { get; }

    public StateWriter Writer { get; }

    public StateReader Reader { get; }

    /// <exception cref="IOException">Another process holds the folder.</exception>
    /// <exception cref="InvalidDataException">The file was written by another version of the host.</exception>
    public static StateFile Open(EngineOptions options, ILogger logger)
    {
        string folder = System.IO.Path.GetFullPath(options.StateFolder);
        Directory.CreateDirectory(folder);
        FolderLock folderLock = FolderLock.Take(folder, options.Time.GetUtcNow());
        SqliteConnection? connection = null;
        try
        {
            string path = System.IO.Path.Combine(folder, options.HubName + ".db");
            connection = Open(path, readOnly: false);
            Prepare(connection, path);
            return new StateFile(folderLock, connection, path, logger);
        }
        catch
        {
            connection?.Dispose();
            folderLock.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Writer.Dispose();
        Reader.Dispose();
        _connection.Dispose();
        _lock.Dispose();
    }

    private static SqliteConnection Open(string path, bool readOnly)
    {
        SqliteConnection connection = new(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = readOnly ? SqliteOpenMode.ReadOnly : SqliteOpenMode.ReadWriteCreate,
            Pooling = false,
        }.ToString());
        connection.Open();
        return connection;
    }

    private static void Prepare(SqliteConnection connection, string path)
    {
        // FULL: a commit returns only when the log is on the disk, so what is acknowledged survives a power cut too.
        Execute(connection, "PRAGMA journal_mode=WAL");
        Execute(connection, "PRAGMA synchronous=FULL");
        Execute(connection, "PRAGMA wal_autocheckpoint=2000");
        Execute(connection, "PRAGMA journal_size_limit=33554432");
        Execute(connection, "PRAGMA cache_size=-32768");
        using Statement version = new(connection, "PRAGMA user_version");
        int found = version.Step() ? version.Int(0) : 0;
        version.Reset();
        if (found == 1)
        {
            Execute(connection, FromFormat1);
        }
        else if (found is not 0 and not Format)
        {
            throw new InvalidDataException(
                $"The state file '{path}' has format {found}; this host reads format {Format}. Use the host that wrote it, or another state folder.");
        }

        if (found == 0)
        {
            Execute(connection, Schema);
        }
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // All statements are constants of this file.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    // A history row's id is its instance's number shifted by 24 bits plus the step's number, so that a history lies together and is deleted as a range.
    // Status numbers are those of OrchestrationRuntimeStatus: 0 running, 6 pending, 7 suspended.
    private const string Schema = """
        BEGIN;
        CREATE TABLE instance(
            id INTEGER PRIMARY KEY, instance_id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, status INTEGER NOT NULL, execution INTEGER NOT NULL,
            created INTEGER NOT NULL, updated INTEGER NOT NULL, start_at INTEGER,
            parent INTEGER, parent_execution INTEGER, parent_task INTEGER, parent_id TEXT, parent_name TEXT,
            tags TEXT, custom_status TEXT, failure TEXT, input, output, trace TEXT);
        CREATE INDEX instance_live ON instance(id) WHERE status IN (0, 6, 7);
        CREATE INDEX instance_parent ON instance(parent) WHERE parent IS NOT NULL;
        CREATE TABLE history(id INTEGER PRIMARY KEY, step BLOB NOT NULL);
        CREATE TABLE payload(id INTEGER PRIMARY KEY, owner INTEGER NOT NULL, text TEXT NOT NULL);
        CREATE INDEX payload_owner ON payload(owner);
        CREATE TABLE message(id INTEGER PRIMARY KEY, target TEXT NOT NULL, due INTEGER, body BLOB NOT NULL);
        CREATE TABLE entity(id INTEGER PRIMARY KEY, entity_id TEXT NOT NULL UNIQUE, modified INTEGER NOT NULL, state TEXT NOT NULL);
        CREATE TABLE queue_message(
            id INTEGER PRIMARY KEY AUTOINCREMENT, queue TEXT NOT NULL, visible INTEGER NOT NULL, inserted INTEGER NOT NULL,
            dequeued INTEGER NOT NULL, receipt INTEGER NOT NULL, body TEXT NOT NULL);
        CREATE INDEX queue_message_visible ON queue_message(queue, visible);
        CREATE TABLE value(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        PRAGMA user_version=2;
        COMMIT;
        """;

    private const string FromFormat1 = """
        BEGIN;
        ALTER TABLE instance ADD COLUMN trace TEXT;
        PRAGMA user_version=2;
        COMMIT;
        """;
}
