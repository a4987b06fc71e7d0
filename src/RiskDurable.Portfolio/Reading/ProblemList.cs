namespace RiskDurable.Portfolio.Reading;

/// <summary>Collects what is wrong with an input, so that one answer can carry all of it.</summary>
internal sealed class ProblemList
{
    private readonly List<Problem> _problems = [];

    public int Count => _problems.Count;

    public void Add(string file, string place, string message) => _problems.Add(new Problem(file, place, message));

    public void Add(JsonPlace place, string message) => Add(place.File, place.ToString(), message);

    public void AddRange(IEnumerable<Problem> problems) => _problems.AddRange(problems);

    public void ThrowIfAny()
    {
        if (_problems.Count > 0)
        {
            throw new BadInputException(_problems);
        }
    }
}
