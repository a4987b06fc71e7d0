using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace RiskDurable.Embedded.Engine.Store;

/// <summary>
/// A prepared statement, without the parameter objects of ADO.NET: the writer runs tens of thousands a second. Belongs to the thread that uses its
/// connection. Parameters and columns are numbered as SQLite does, from 1 and from 0.
/// </summary>
internal sealed class Statement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    public Statement(SqliteConnection connection, string sql)
    {
        _database = connection.Handle!;
        Check(raw.sqlite3_prepare_v2(_database, sql, out _statement));
    }

    public Statement Bind(int parameter, long value)
    {
        Check(raw.sqlite3_bind_int64(_statement, parameter, value));
        return this;
    }

    public Statement Bind(int parameter, long? value) => value is { } number ? Bind(parameter, number) : BindNull(parameter);

    public Statement Bind(int parameter, string? value)
    {
        if (value is null)
        {
            return BindNull(parameter);
        }

        Check(raw.sqlite3_bind_text(_statement, parameter, value));
        return this;
    }

    public Statement Bind(int parameter, ReadOnlySpan<byte> value)
    {
        Check(raw.sqlite3_bind_blob(_statement, parameter, value));
        return this;
    }

    /// <summary>A text in its place, or the number of the payload that holds it.</summary>
    public Statement Bind(int parameter, StoredText text) => text.Payload != 0 ? Bind(parameter, text.Payload) : Bind(parameter, text.Inline);

    /// <summary>Runs a statement that returns no rows.</summary>
    public void Run()
    {
        while (Step())
        {
        }
    }

    /// <summary>Goes to the next row. After the last one the statement is ready to be bound again.</summary>
    public bool Step()
    {
        int result = raw.sqlite3_step(_statement);
        if (result == raw.SQLITE_ROW)
        {
            return true;
        }

        // The error is read first: resetting would replace its message.
        SqliteException? failure = result == raw.SQLITE_DONE ? null : Failure(result);
        Reset();
        return failure is null ? false : throw failure;
    }

    /// <summary>Leaves the remaining rows, so that the read transaction ends.</summary>
    public void Reset()
    {
        raw.sqlite3_reset(_statement);
        raw.sqlite3_clear_bindings(_statement);
    }

    public long Long(int column) => raw.sqlite3_column_int64(_statement, column);

    public int Int(int column) => raw.sqlite3_column_int(_statement, column);

    public long? LongOrNull(int column) => IsNull(column) ? null : Long(column);

    public string? Text(int column) => IsNull(column) ? null : raw.sqlite3_column_text(_statement, column).utf8_to_string();

    public byte[] Blob(int column) => raw.sqlite3_column_blob(_statement, column).ToArray();

    public StoredText Stored(int column) => raw.sqlite3_column_type(_statement, column) == raw.SQLITE_INTEGER
        ? new StoredText(null, Long(column))
        : new StoredText(Text(column), 0);

    public void Dispose() => _statement.Dispose();

    private bool IsNull(int column) => raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL;

    private Statement BindNull(int parameter)
    {
        Check(raw.sqlite3_bind_null(_statement, parameter));
        return this;
    }

    private void Check(int result)
    {
        if (result != raw.SQLITE_OK)
        {
            throw Failure(result);
        }
    }

    private SqliteException Failure(int result) => new(
        new StringBuilder("SQLite error ").Append(result).Append(": ").Append(raw.sqlite3_errmsg(_database).utf8_to_string()).ToString(), result);
}
