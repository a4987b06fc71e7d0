using System.Runtime.InteropServices;
using ParquetSharp;

namespace RiskDurable.Portfolio.Results;

/// <summary>Writes a year loss table as Parquet, in row groups of a fixed size.</summary>
public sealed class YltParquetWriter : IYltWriter
{
    private const int GroupRows = 1 << 19;

    private readonly ReplacedFile _file;
    private readonly ParquetFileWriter _writer;
    private readonly ByteArray[] _nodes = new ByteArray[GroupRows];
    private readonly int[] _trials = new int[GroupRows];
    private readonly double[] _aggregateLoss = new double[GroupRows];
    private readonly double[] _maxOccurrenceLoss = new double[GroupRows];
    private readonly double[] _reinstatementPremium = new double[GroupRows];

    // The texts of the current row group; pinned, because the column of nodes points into them.
    private readonly List<byte[]> _texts = [];
    private string? _lastNode;
    private ByteArray _lastText;
    private int _count;
    private bool _closed;

    /// <summary>Starts the file.</summary>
    /// <param name="path">The target.</param>
    public YltParquetWriter(string path)
    {
        _file = new ReplacedFile(path);
        using var builder = new WriterPropertiesBuilder();
        using WriterProperties properties = builder
            .Compression(Compression.Snappy)
            .EnablePageChecksum()
            .DisableDictionary(YltColumns.Trial)
            .Encoding(YltColumns.Trial, ParquetSharp.Encoding.DeltaBinaryPacked)
            .DisableDictionary(YltColumns.AggregateLoss)
            .DisableDictionary(YltColumns.MaxOccurrenceLoss)
            .Build();
        _writer = ParquetSchemas.Open(
            _file.Stream,
            [
                (YltColumns.Node, PhysicalType.ByteArray),
                (YltColumns.Trial, PhysicalType.Int32),
                (YltColumns.AggregateLoss, PhysicalType.Double),
                (YltColumns.MaxOccurrenceLoss, PhysicalType.Double),
                (YltColumns.ReinstatementPremium, PhysicalType.Double),
            ],
            properties);
    }

    /// <inheritdoc/>
    public void Write(
        string node,
        ReadOnlySpan<int> trials,
        ReadOnlySpan<double> aggregateLoss,
        ReadOnlySpan<double> maxOccurrenceLoss,
        ReadOnlySpan<double> reinstatementPremium)
    {
        ArgumentNullException.ThrowIfNull(node);
        YltColumns.CheckLengths(trials.Length, aggregateLoss.Length, maxOccurrenceLoss.Length, reinstatementPremium.Length);
        for (int done = 0; done < trials.Length;)
        {
            if (_count == GroupRows)
            {
                WriteGroup();
            }

            int rows = Math.Min(GroupRows - _count, trials.Length - done);
            _nodes.AsSpan(_count, rows).Fill(TextOf(node));
            trials.Slice(done, rows).CopyTo(_trials.AsSpan(_count));
            aggregateLoss.Slice(done, rows).CopyTo(_aggregateLoss.AsSpan(_count));
            maxOccurrenceLoss.Slice(done, rows).CopyTo(_maxOccurrenceLoss.AsSpan(_count));
            reinstatementPremium.Slice(done, rows).CopyTo(_reinstatementPremium.AsSpan(_count));
            _count += rows;
            done += rows;
        }
    }

    /// <inheritdoc/>
    public void Complete()
    {
        if (_count > 0)
        {
            WriteGroup();
        }

        _closed = true;
        _writer.Close();
        _writer.Dispose();
        _file.Complete();
    }

    /// <summary>Deletes what was written, unless it is complete.</summary>
    public void Dispose()
    {
        try
        {
            if (!_closed)
            {
                _closed = true;
                _writer.Dispose();
            }
        }
        finally
        {
            _file.Dispose();
        }
    }

    private ByteArray TextOf(string node)
    {
        if (_lastNode != node)
        {
            byte[] text = GC.AllocateUninitializedArray<byte>(System.Text.Encoding.UTF8.GetByteCount(node), pinned: true);
            System.Text.Encoding.UTF8.GetBytes(node, text);
            _texts.Add(text);
            _lastText = new ByteArray(Marshal.UnsafeAddrOfPinnedArrayElement(text, 0), text.Length);
            _lastNode = node;
        }

        return _lastText;
    }

    private void WriteGroup()
    {
        using (RowGroupWriter group = _writer.AppendRowGroup())
        {
            Append(group, _nodes);
            Append(group, _trials);
            Append(group, _aggregateLoss);
            Append(group, _maxOccurrenceLoss);
            Append(group, _reinstatementPremium);
            group.Close();
        }

        _count = 0;
        _lastNode = null;
        _texts.Clear();
    }

    private void Append<T>(RowGroupWriter group, T[] values)
        where T : unmanaged
    {
        using var column = (ColumnWriter<T>)group.NextColumn();
        column.WriteBatch(values.AsSpan(0, _count));
    }
}
