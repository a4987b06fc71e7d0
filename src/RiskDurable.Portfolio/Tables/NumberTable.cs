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
        _whole = [.. columns.Select(column => column.IsWhole ? new long[BatchRows] : null)];
        _real = [.. columns.Select(column => column.IsWhole ? null : new double[BatchRows])];
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
    public static NumberTable Open(IPortfolioFiles files, string file, TableColumn[] columns)
    {
        Stream stream = files.OpenRead(file);
        return file.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase)
            ? new ParquetNumberTable(stream, file, columns)
            : new CsvNumberTable(stream, file, columns);
    }

    /// <summary>Whether the file has the column.</summary>
    public bool Has(int column) => Positions[column] >= 0;

    /// <summary>Values of a whole-number column; the first <see cref="Count"/> are valid.</summary>
    public long[] Whole(int column) => _whole[column]!;

    /// <summary>Values of a real column; the first <see cref="Count"/> are valid.</summary>
    public double[] Real(int column) => _real[column]!;

    /// <summary>The line or row, from 1, of a row of the current batch.</summary>
    public abstract long PlaceOf(int row);

    /// <summary>Reads the next batch; false at the end, or when problems make reading on useless.</summary>
    public abstract bool Next();

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected abstract void Dispose(bool disposing);
}
