using System.Runtime.InteropServices;
using RiskDurable.Kernel;
using RiskDurable.Portfolio.Tables;

namespace RiskDurable.Execution.Packing;

/// <summary>Rows of a year-event table in no order of trials, dealt out into one file a block under a scratch folder; removed on disposal.</summary>
internal sealed class ScatteredRows : IDisposable
{
    private const int RowsHeld = 4 * 1024 * 1024;

    private readonly string _folder;
    private readonly List<Row>[] _held;
    private int _heldRows;

    public ScatteredRows(string scratchFolder, int blocks)
    {
        _folder = Path.Combine(scratchFolder, $"yet-{Guid.NewGuid():N}");
        Directory.CreateDirectory(_folder);
        _held = new List<Row>[blocks];
        for (int i = 0; i < blocks; i++)
        {
            _held[i] = [];
        }
    }

    public bool HasUniforms { get; private set; }

    public void Add(YetBatch batch, int blockTrials)
    {
        HasUniforms = batch.HasZ;
        for (int i = 0; i < batch.Count; i++)
        {
            int trial = batch.Trial[i] - 1;
            _held[trial / blockTrials].Add(new Row(batch.EventId[i], batch.Day[i], batch.HasZ ? batch.Z[i] : 0, trial));
        }

        _heldRows += batch.Count;
        if (_heldRows >= RowsHeld)
        {
            Flush();
        }
    }

    public void CopyTo(int block, TrialBlockBuilder builder)
    {
        string path = PathOf(block);
        if (File.Exists(path))
        {
            byte[] bytes = File.ReadAllBytes(path);
            Copy(MemoryMarshal.Cast<byte, Row>(bytes), builder);
            File.Delete(path);
        }

        Copy(CollectionsMarshal.AsSpan(_held[block]), builder);
        _held[block] = [];
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Flush()
    {
        for (int block = 0; block < _held.Length; block++)
        {
            if (_held[block].Count > 0)
            {
                using var file = new FileStream(PathOf(block), FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
                file.Write(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_held[block])));
                _held[block] = [];
            }
        }

        _heldRows = 0;
    }

    private void Copy(ReadOnlySpan<Row> rows, TrialBlockBuilder builder)
    {
        int[] trials = new int[rows.Length];
        long[] events = new long[rows.Length];
        double[] days = new double[rows.Length];
        double[] uniforms = new double[HasUniforms ? rows.Length : 0];
        for (int i = 0; i < rows.Length; i++)
        {
            (events[i], days[i], trials[i]) = (rows[i].EventId, rows[i].Day, (int)rows[i].Trial);
            if (HasUniforms)
            {
                uniforms[i] = rows[i].Uniform;
            }
        }

        builder.Add(trials, events, days, uniforms);
    }

    private string PathOf(int block) => Path.Combine(_folder, $"{block}.rows");

    // The trial as a 64-bit number: no padding whose content would be undefined.
    private readonly record struct Row(long EventId, double Day, double Uniform, long Trial);
}
