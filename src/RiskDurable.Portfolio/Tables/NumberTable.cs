using System.Buffers;
using RiskDurable.Portfolio.Files;

namespace RiskDurable.Portfolio.Tables;

/// <summary>
/// A table of numbers that is read batch by batch into buffers that are used again, so that no file is ever held in memory.
/// Rows with a cell that is no number are reported and left out.
/// </summary>
internal abstract class NumberTable : IDisposable
{
    /// <summary>Most rows of a batch.</summary>
    public const int BatchRows = 1 << 16;

    private readonly long[]?[] _whole;
    private readonly double[]?[] _real;

    protected NumberTable(TableColumn[] columns, TableProblems problems)
    {
        Columns = columns;
        Problems = problems;
        Positions = [];
        _whole = new long[]?[columns.Length];
        _real = new double[]?[columns.Length];
    }

    public TableProblems Problems { get; }

    /// <summary>Rows in the current batch.</summary>
    public int Count { get; protected set; }

    /// <summary>Good rows before the current batch.</summary>
    public long FirstRow { get; protected set; }

    /// <summary>How much of the file is read, from 0 to 1.</summary>
    public abstract double FractionRead { get; }

    protected TableColumn[] Columns { get; }

    /// <summary>Where each column is in the file, or -1.</summary>
    protected int[] Positions { get; set; }

    /// <summary>Opens a table; CSV or Parquet by its extension. Problems with its columns are reported, not thrown.</summary>
    /// <param name="files">The files.</param>
    /// <param name="file">The table.</param>
    /// <param name="columns">The columns that it may have.</param>
    /// <param name="isForeign">Whether another program wrote it, with columns that are of no concern here.</param>
    public static NumberTable Open(IPortfolioFiles files, string file, TableColumn[] columns, bool isForeign = false)
    {
        Stream stream = files.OpenRead(file);
        return file.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase)
            ? new ParquetNumberTable(stream, file, columns, isForeign)
            : new CsvNumberTable(stream, file, columns, isForeign);
    }

    /// <summary>Whether the file has the column.</summary>
    public bool Has(int column) => Positions[column] >= 0;

    /// <summary>Values of a whole-number column; the first <see cref="Count"/> are valid.</summary>
    public long[] Whole(int column) => _whole[column] ??= ArrayPool<long>.Shared.Rent(BatchRows);

    /// <summary>Values of a real column; the first <see cref="Count"/> are valid.</summary>
    public double[] Real(int column) => _real[column] ??= ArrayPool<double>.Shared.Rent(BatchRows);

    /// <summary>The line or row, from 1, of a row of the current batch.</summary>
    public abstract long PlaceOf(int row);

    /// <summary>Reads the next batch; false at the end, or when problems make reading on useless.</summary>
    public abstract bool Next();

    public virtual void Dispose()
    {
        for (int column = 0; column < Columns.Length; column++)
        {
            Return(ref _whole[column]);
            Return(ref _real[column]);
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Gives a buffer back to the pool: a book has thousands of tables.</summary>
    protected static void Return<T>(ref T[]? buffer)
    {
        if (buffer is not null)
        {
            ArrayPool<T>.Shared.Return(buffer);
            buffer = null;
        }
    }
}
