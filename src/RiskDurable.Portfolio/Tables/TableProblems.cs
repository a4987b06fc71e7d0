using System.Globalization;

namespace RiskDurable.Portfolio.Tables;

/// <summary>Collects what is wrong with one table; a table that is wrong everywhere is not read to its end.</summary>
/// <param name="file">The table's file.</param>
/// <param name="unit">What a place in it is called: <c>line</c> or <c>row</c>.</param>
internal sealed class TableProblems(string file, string unit)
{
    private const int MostListed = 50;

    private readonly List<Problem> _problems = [];

    public bool Any => _problems.Count > 0;

    /// <summary>Whether reading on is of no use.</summary>
    public bool IsFull { get; private set; }

    /// <summary>Reports a problem of one place.</summary>
    /// <param name="place">Line or row, from 1.</param>
    /// <param name="message">What is wrong, what was expected.</param>
    public void Add(long place, string message) => Add(string.Create(CultureInfo.InvariantCulture, $"{unit} {place}"), message);

    /// <summary>Reports a problem after which nothing more can be read.</summary>
    public void AddFatal(string place, string message)
    {
        Add(place, message);
        IsFull = true;
    }

    /// <summary>Reports a problem of one place after which nothing more can be read.</summary>
    public void AddFatal(long place, string message)
    {
        Add(place, message);
        IsFull = true;
    }

    public void Add(string place, string message)
    {
        if (_problems.Count < MostListed)
        {
            _problems.Add(new Problem(file, place, message));
        }
        else if (!IsFull)
        {
            _problems.Add(new Problem(file, "", $"And more; only the first {MostListed} problems of this file are listed."));
            IsFull = true;
        }
    }

    /// <summary>Says that reading on is of no use.</summary>
    public void Stop() => IsFull = true;

    public void ThrowIfAny()
    {
        if (Any)
        {
            throw new BadInputException(_problems);
        }
    }
}
