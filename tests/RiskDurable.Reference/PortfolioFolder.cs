using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace RiskDurable.Reference;

/// <summary>Writes a book as the files of a portfolio, in the optional forms that a seed chooses.</summary>
public sealed class PortfolioFolder
{
    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly Book _book;
    private readonly string _folder;
    private readonly Random _random;

    private PortfolioFolder(Book book, string folder, int seed)
    {
        (_book, _folder, _random) = (book, folder, new Random(seed));
    }

    /// <summary>Creates the folder where it is missing; <paramref name="formSeed"/> chooses among equivalent ways of writing.</summary>
    public static void Write(Book book, string folder, int formSeed = 0)
    {
        Directory.CreateDirectory(folder);
        new PortfolioFolder(book, folder, formSeed).Write();
    }

    private void Write()
    {
        var elts = new JsonObject();
        foreach (LossTable elt in _book.Elts)
        {
            WriteElt(elt, elts);
        }

        JsonNode[] deals = [.. _book.Deals.Select(Deal)];
        var members = new List<(string Name, JsonNode? Value)>
        {
            ("schema", "riskdurable/portfolio/1"), ("id", _book.Id), ("name", $"Book {_book.Id}"), ("currency", _book.Currency),
            ("fx", new JsonObject(_book.Fx.Select(rate => KeyValuePair.Create(rate.Key, (JsonNode?)rate.Value)))),
            ("trials", _book.Trials), ("yet", WriteYet()),
        };
        if (_book.Weights is { } weights)
        {
            members.Add(("trialsFile", WriteTrials(weights)));
        }

        if (elts.Count > 0 || _random.Chance(0.5))
        {
            members.Add(("elts", elts));
        }

        if (_book.Rollup.Count > 0 || _random.Chance(0.5))
        {
            members.Add(("rollup", new JsonArray([.. _book.Rollup.Select(tag => JsonValue.Create(tag))])));
        }

        if (_random.Chance(0.5))
        {
            members.Add(("deals", new JsonArray(deals)));
        }
        else
        {
            string end = _random.Chance(0.2) ? "\r\n" : "\n";
            string text = string.Join(end, deals.Select(deal => deal.ToJsonString(Compact))) + (_random.Chance(0.8) ? end : "");
            File.WriteAllText(Path.Combine(_folder, "deals.jsonl"), text);
            members.Add(("dealsFile", "deals.jsonl"));
        }

        File.WriteAllText(Path.Combine(_folder, "portfolio.json"), Object(members).ToJsonString(_random.Pick(Compact, Indented)));
    }

    private string WriteYet()
    {
        bool parquet = _random.Chance(0.4);
        string file = _random.Pick("yet", "tables/yet") + (parquet ? ".parquet" : ".csv");
        string path = PathOf(file);
        Array trials = !parquet || _random.Chance(0.5) ? _book.Yet.Select(row => row.Trial).ToArray() : _book.Yet.Select(row => (long)row.Trial).ToArray();
        var columns = new List<TableColumn>
        {
            new("trial", trials),
            new("event_id", _book.Yet.Select(row => row.EventId).ToArray()),
            new("day", _book.Yet.Select(row => row.Day).ToArray()),
        };
        if (_book.Yet.Any(row => row.Z is not null))
        {
            columns.Add(new("z", _book.Yet.Select(row => row.Z!.Value).ToArray()));
        }
        else if (_book.Seed is null && _random.Chance(0.3))
        {
            columns.Add(new("z", _book.Yet.Select(_ => (_random.NextDouble() * 0.98) + 0.01).ToArray()));
        }

        Write(path, columns);
        return file;
    }

    private string WriteTrials(IReadOnlyList<double> weights)
    {
        string file = _random.Pick("trials.csv", "tables/weights.parquet");
        int[] trials = [.. Enumerable.Range(1, weights.Count).Order(_random)];
        Write(PathOf(file), [new("trial", trials), new("weight", trials.Select(trial => weights[trial - 1]).ToArray())]);
        return file;
    }

    private void WriteElt(LossTable elt, JsonObject entries)
    {
        // Without an entry the file has the default name and the losses are in the reporting currency.
        bool entry = elt.Currency != _book.Currency || _random.Chance(0.4);
        bool defaultName = !entry || _random.Chance(0.4);
        string extension = _random.Chance(0.4) ? ".parquet" : ".csv";
        string file = (defaultName ? $"elts/{elt.Id}" : $"losses of {elt.Id}") + extension;
        if (entry)
        {
            var members = new List<(string, JsonNode?)> { ("file", file) };
            if (elt.Currency != _book.Currency || _random.Chance(0.5))
            {
                members.Add(("currency", elt.Currency));
            }

            entries.Add(elt.Id, Object(members));
        }

        var columns = new List<TableColumn>
        {
            new("event_id", elt.Rows.Select(row => row.EventId).ToArray()),
            new("mean_loss", elt.Rows.Select(row => row.MeanLoss).ToArray()),
        };
        bool unique = elt.Rows.DistinctBy(row => row.EventId).Count() == elt.Rows.Count;
        if (elt.Rows.Any(row => row.Exposure > 0))
        {
            columns.Add(new("sd_independent", elt.Rows.Select(row => row.SdIndependent).ToArray()));
            columns.Add(new("sd_correlated", elt.Rows.Select(row => row.SdCorrelated).ToArray()));
            columns.Add(new("exposure", elt.Rows.Select(row => row.Exposure).ToArray()));
        }
        else if (_book.Seed is null && unique && _random.Chance(0.3))
        {
            columns.Add(new("sd_independent", elt.Rows.Select(row => row.MeanLoss * 0.25).ToArray()));
            columns.Add(new("sd_correlated", elt.Rows.Select(row => row.MeanLoss * 0.5).ToArray()));
            columns.Add(new("exposure", elt.Rows.Select(row => (row.MeanLoss * 10) + 1).ToArray()));
        }

        Write(PathOf(file), columns);
    }

    private void Write(string path, List<TableColumn> columns)
    {
        if (path.EndsWith(".parquet", StringComparison.Ordinal))
        {
            TableFile.WriteParquet(path, _random, [.. columns]);
        }
        else
        {
            TableFile.WriteCsv(path, _random, [.. columns]);
        }
    }

    private JsonObject Deal(Deal deal)
    {
        var members = new List<(string, JsonNode?)>
        {
            ("id", deal.Id), ("currency", deal.Currency), ("layers", new JsonArray([.. deal.Layers.Select(Layer)])),
        };
        if (_random.Chance(0.5))
        {
            members.Add(("name", $"Deal {deal.Id}, \"quoted\" ü"));
        }

        if (deal.Tags.Count > 0)
        {
            members.Add(("tags", new JsonObject(deal.Tags.Select(tag => KeyValuePair.Create(tag.Key, (JsonNode?)tag.Value)))));
        }

        return Object(members);
    }

    private JsonNode Layer(Layer layer)
    {
        var members = new List<(string, JsonNode?)>
        {
            ("id", layer.Id), ("subject", new JsonArray([.. layer.Subject.Select(Term)])),
        };
        AddUnlessDefault(members, "occurrenceRetention", layer.OccurrenceRetention, 0);
        AddUnlessDefault(members, "aggregateRetention", layer.AggregateRetention, 0);
        AddUnlessDefault(members, "franchise", layer.Franchise, 0);
        AddUnlessDefault(members, "share", layer.Share, 1);
        AddUnlessDefault(members, "premium", layer.Premium, 0);
        if (layer.OccurrenceLimit is double occurrenceLimit)
        {
            members.Add(("occurrenceLimit", occurrenceLimit));
        }

        if (layer.AggregateLimit is double aggregateLimit)
        {
            members.Add(("aggregateLimit", aggregateLimit));
        }

        if (layer.Position != Position.Assumed || _random.Chance(0.4))
        {
            members.Add(("position", layer.Position switch { Position.Assumed => "assumed", Position.Ceded => "ceded", _ => "memo" }));
        }

        if (layer.Reinstatements.Count > 0 || _random.Chance(0.2))
        {
            members.Add(("reinstatements", new JsonArray([.. layer.Reinstatements.Select(reinstatement =>
                Object([("count", reinstatement.Count), ("rate", reinstatement.Rate)]))])));
        }

        return Object(members);
    }

    private JsonNode Term(SubjectTerm term)
    {
        List<(string, JsonNode?)> members = [term.Layer is null ? ("elt", term.Elt) : ("layer", term.Layer)];
        AddUnlessDefault(members, "factor", term.Factor, 1);
        return Object(members);
    }

    private void AddUnlessDefault(List<(string, JsonNode?)> members, string name, double value, double absent)
    {
        if (value != absent || _random.Chance(0.5))
        {
            members.Add((name, value));
        }
    }

    private JsonObject Object(IEnumerable<(string Name, JsonNode? Value)> members)
    {
        IEnumerable<(string Name, JsonNode? Value)> ordered = _random.Chance(0.3) ? members.Order(_random) : members;
        return new JsonObject(ordered.Select(member => KeyValuePair.Create(member.Name, member.Value)));
    }

    private string PathOf(string file)
    {
        string path = Path.Combine(_folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }
}
