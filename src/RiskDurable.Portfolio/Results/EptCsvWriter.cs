namespace RiskDurable.Portfolio.Results;

/// <summary>
/// Writes exceedance curves as CSV: <c>node,ep_type,return_period,loss</c>. A file appears under its name only after
/// <see cref="Complete"/>; disposed without it, nothing is left.
/// </summary>
public sealed class EptCsvWriter : IDisposable
{
    private readonly ReplacedFile? _file;
    private readonly CsvOutput _output;

    /// <summary>Starts the file with its header.</summary>
    /// <param name="path">The target.</param>
    public EptCsvWriter(string path)
        : this(new ReplacedFile(path))
    {
    }

    /// <summary>Starts a text with its header.</summary>
    /// <param name="stream">The target; stays the caller's.</param>
    public EptCsvWriter(Stream stream)
    {
        _output = new CsvOutput(stream);
        _output.WriteRaw(Header);
    }

    private EptCsvWriter(ReplacedFile file)
        : this(file.Stream) => _file = file;

    private static ReadOnlySpan<byte> Header => "node,ep_type,return_period,loss\n"u8;

    /// <summary>Appends one curve of one node.</summary>
    /// <param name="node">The node's path.</param>
    /// <param name="epType">As in Open Results Data: 1 OEP, 2 OEP TVaR, 3 AEP, 4 AEP TVaR.</param>
    /// <param name="returnPeriods">Return periods, years.</param>
    /// <param name="losses">The loss at each, reporting currency.</param>
    /// <exception cref="ArgumentException">The columns differ in length.</exception>
    public void Write(string node, int epType, ReadOnlySpan<double> returnPeriods, ReadOnlySpan<double> losses)
    {
        ArgumentNullException.ThrowIfNull(node);
        if (returnPeriods.Length != losses.Length)
        {
            throw new ArgumentException($"The columns differ in length: {returnPeriods.Length} return periods, {losses.Length} losses.");
        }

        byte[] start = CsvOutput.Quote(node);
        for (int i = 0; i < losses.Length; i++)
        {
            _output.WriteRaw(start);
            _output.Comma();
            _output.Write(epType);
            _output.Comma();
            _output.Write(returnPeriods[i]);
            _output.Comma();
            _output.Write(losses[i]);
            _output.EndLine();
        }
    }

    /// <summary>Puts the file in its place.</summary>
    public void Complete()
    {
        _output.Flush();
        _file?.Complete();
    }

    /// <summary>Deletes what was written, unless it is complete.</summary>
    public void Dispose() => _file?.Dispose();
}
