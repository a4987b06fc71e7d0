using System.Text;

namespace RiskDurable.Portfolio.Results;

/// <summary>Writes a year loss table as CSV.</summary>
public sealed class YltCsvWriter : IYltWriter
{
    private readonly ReplacedFile _file;
    private readonly CsvOutput _output;

    /// <summary>Starts the file with its header.</summary>
    /// <param name="path">The target.</param>
    public YltCsvWriter(string path)
    {
        _file = new ReplacedFile(path);
        _output = new CsvOutput(_file.Stream);
        _output.WriteRaw(Encoding.UTF8.GetBytes(
            $"{YltColumns.Node},{YltColumns.Trial},{YltColumns.AggregateLoss},{YltColumns.MaxOccurrenceLoss},{YltColumns.ReinstatementPremium}\n"));
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
        byte[] start = [.. CsvOutput.Quote(node), (byte)','];
        for (int i = 0; i < trials.Length; i++)
        {
            _output.WriteRaw(start);
            _output.Write(trials[i]);
            _output.Comma();
            _output.Write(aggregateLoss[i]);
            _output.Comma();
            _output.Write(maxOccurrenceLoss[i]);
            _output.Comma();
            _output.Write(reinstatementPremium[i]);
            _output.EndLine();
        }
    }

    /// <inheritdoc/>
    public void Complete()
    {
        _output.Flush();
        _file.Complete();
    }

    /// <summary>Deletes what was written, unless it is complete.</summary>
    public void Dispose() => _file.Dispose();
}
