using System.Text.Json;
using RiskDurable.Portfolio.Files;

namespace RiskDurable.Portfolio.Reading;

/// <summary>Reads the deals of a portfolio, from its <c>deals</c> or from its <c>dealsFile</c>.</summary>
internal sealed class DealSource(ReadingContext context, IPortfolioFiles files)
{
    private readonly DealParser _parser = new(context);
    private readonly List<DealDraft> _deals = [];

    /// <summary>False when a deal or its id could not be read, so that a reference to it must not be called unknown.</summary>
    public bool KnowsEveryId { get; private set; } = true;

    public IReadOnlyList<DealDraft> Read(JsonFields portfolio)
    {
        bool inline = portfolio.Has("deals");
        bool file = portfolio.Has("dealsFile");
        if (inline == file)
        {
            context.Problems.Add(portfolio.Place, inline
                ? "Both 'deals' and 'dealsFile' are given; keep one."
                : "The deals are missing; give them in 'deals', or name a file with one deal a line in 'dealsFile'.");
            KnowsEveryId = false;
            return [];
        }

        int before = context.Problems.Count;
        if (inline)
        {
            foreach ((JsonElement element, JsonPlace place) in portfolio.Items("deals", "deals"))
            {
                Add(_parser.Parse(element, place));
            }
        }
        else
        {
            ReadFile(portfolio);
        }

        if (_deals.Count == 0 && context.Problems.Count == before)
        {
            context.Problems.Add(
                portfolio.Place.Field(inline ? "deals" : "dealsFile"), "The portfolio has no deal; give at least one.");
        }

        CheckIds();
        return _deals;
    }

    private void ReadFile(JsonFields portfolio)
    {
        if (portfolio.Text("dealsFile") is not string file || !FileCheck.IsThere(context, files, file, portfolio.Place.Field("dealsFile")))
        {
            KnowsEveryId = false;
            return;
        }

        ReadOnlyMemory<byte> rest;
        try
        {
            rest = JsonDocuments.ReadAll(files, file);
        }
        catch (BadInputException error)
        {
            context.Problems.AddRange(error.Problems);
            KnowsEveryId = false;
            return;
        }

        for (long line = 1; rest.Length > 0; line++)
        {
            int end = rest.Span.IndexOf((byte)'\n');
            ReadOnlyMemory<byte> text = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            if (text.Span.IndexOfAnyExcept(" \t\r"u8) < 0)
            {
                continue;
            }

            using JsonDocument? document = JsonDocuments.Parse(context, text, file, line);
            Add(document is null ? null : _parser.Parse(document.RootElement, JsonPlace.Document(file, line)));
        }
    }

    private void Add(DealDraft? deal)
    {
        if (deal is null)
        {
            KnowsEveryId = false;
            return;
        }

        _deals.Add(deal);
        KnowsEveryId &= deal.Id is not null && deal.Layers.All(layer => layer.Id is not null);
    }

    private void CheckIds()
    {
        var places = new Dictionary<string, JsonPlace>(StringComparer.Ordinal);
        foreach (DealDraft deal in _deals)
        {
            if (deal.Id is not null && !places.TryAdd(deal.Id, deal.Place))
            {
                context.Problems.Add(
                    deal.Place.Field("id"),
                    $"There is another deal '{deal.Id}', at {places[deal.Id]}; deal ids are unique in a portfolio.");
            }
        }
    }
}
