using ParquetSharp;

namespace RiskDurable.Portfolio.Tables;

/// <summary>One column of one row group, read as whole numbers or as doubles, whatever number type the file has.</summary>
internal sealed class ParquetNumberColumn : IDisposable
{
    private const double LargestExact = 1L << 53;

    private readonly ColumnReader _reader;
    private readonly short[] _levels;
    private readonly bool _isUnsigned;
    private Array? _scratch;

    public ParquetNumberColumn(ColumnReader reader)
    {
        _reader = reader;
        ColumnDescriptor descriptor = reader.ColumnDescriptor;
        _levels = descriptor.MaxDefinitionLevel > 0 ? new short[NumberTable.BatchRows] : [];
        using LogicalType type = descriptor.LogicalType;
        _isUnsigned = type is IntLogicalType { IsSigned: false };
    }

    /// <summary>Whether there are more rows.</summary>
    public bool HasNext => _reader.HasNext;

    /// <summary>After a fault: which row of the batch has it.</summary>
    public int FaultyRow { get; private set; }

    /// <summary>Says why a column cannot be read as numbers; null when it can.</summary>
    public static string? Objection(ColumnDescriptor descriptor)
    {
        using LogicalType type = descriptor.LogicalType;
        if (descriptor.MaxRepetitionLevel > 0 || descriptor.MaxDefinitionLevel > 1)
        {
            return "is nested; one number a row was expected.";
        }

        bool isNumber = descriptor.PhysicalType is PhysicalType.Int32 or PhysicalType.Int64 or PhysicalType.Float or PhysicalType.Double
            && type is IntLogicalType or NoneLogicalType;
        return isNumber ? null : $"has the type {descriptor.PhysicalType} ({type.Type}); int32, int64, float or double was expected.";
    }

    /// <summary>Reads rows into one of the two buffers.</summary>
    /// <param name="rows">How many.</param>
    /// <param name="whole">Where whole numbers go, or null.</param>
    /// <param name="real">Where doubles go, or null.</param>
    /// <returns>Null, or what is wrong at <see cref="FaultyRow"/>.</returns>
    public string? Read(int rows, long[]? whole, double[]? real) => _reader switch
    {
        ColumnReader<long> reader when whole is not null => Fill(reader, whole, rows)
            ?? (_isUnsigned ? RefuseNegative(whole.AsSpan(0, rows)) : null),
        ColumnReader<double> reader when real is not null => Fill(reader, real, rows),
        ColumnReader<int> reader => Fill(reader, Scratch<int>(), rows) ?? Widen(Scratch<int>().AsSpan(0, rows), whole, real),
        ColumnReader<float> reader => Fill(reader, Scratch<float>(), rows) ?? Widen(Scratch<float>().AsSpan(0, rows), whole, real),
        ColumnReader<long> reader => Fill(reader, Scratch<long>(), rows) ?? ToReal(Scratch<long>().AsSpan(0, rows), real!),
        ColumnReader<double> reader => Fill(reader, Scratch<double>(), rows) ?? ToWhole(Scratch<double>().AsSpan(0, rows), whole!),
        _ => throw new InvalidDataException("a column changes its type between row groups"),
    };

    public void Dispose() => _reader.Dispose();

    private string? Fill<T>(ColumnReader<T> reader, T[] values, int rows)
        where T : unmanaged
    {
        int filled = 0;
        while (filled < rows)
        {
            int wanted = rows - filled;
            long read = reader.ReadBatch(wanted, _levels.AsSpan(0, Math.Min(_levels.Length, wanted)), [], values.AsSpan(filled), out long present);
            if (read <= 0)
            {
                FaultyRow = filled;
                return "ends before the other columns do; the Parquet file is damaged or truncated, write it again.";
            }

            if (_levels.Length > 0 && present != read)
            {
                FaultyRow = filled + Math.Max(0, _levels.AsSpan(0, (int)read).IndexOf((short)0));
                return "is null; a number was expected.";
            }

            filled += (int)read;
        }

        return null;
    }

    private T[] Scratch<T>() => (T[])(_scratch ??= new T[NumberTable.BatchRows]);

    private string? Widen(ReadOnlySpan<int> values, long[]? whole, double[]? real)
    {
        for (int i = 0; i < values.Length; i++)
        {
            long value = _isUnsigned ? (uint)values[i] : values[i];
            if (whole is not null)
            {
                whole[i] = value;
            }
            else
            {
                real![i] = value;
            }
        }

        return null;
    }

    private string? Widen(ReadOnlySpan<float> values, long[]? whole, double[]? real)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (real is not null)
            {
                real[i] = values[i];
            }
            else if (!TryExact(values[i], out whole![i]))
            {
                return RefuseFraction(i, values[i]);
            }
        }

        return null;
    }

    private string? ToWhole(ReadOnlySpan<double> values, long[] whole)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (!TryExact(values[i], out whole[i]))
            {
                return RefuseFraction(i, values[i]);
            }
        }

        return null;
    }

    private string? ToReal(ReadOnlySpan<long> values, double[] real)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i] is < -(1L << 53) or > 1L << 53)
            {
                FaultyRow = i;
                return FormattableString.Invariant($"is {values[i]}, which a double cannot hold exactly; store it as double.");
            }

            real[i] = values[i];
        }

        return null;
    }

    private string? RefuseNegative(ReadOnlySpan<long> values)
    {
        FaultyRow = values.IndexOfAnyInRange(long.MinValue, -1);
        return FaultyRow < 0 ? null : "is larger than an int64 can hold.";
    }

    private string RefuseFraction(int row, double value)
    {
        FaultyRow = row;
        return FormattableString.Invariant($"is {value}; a whole number was expected.");
    }

    private static bool TryExact(double value, out long exact)
    {
        bool fits = Math.Abs(value) <= LargestExact && value == Math.Floor(value);
        exact = fits ? (long)value : 0;
        return fits;
    }
}
