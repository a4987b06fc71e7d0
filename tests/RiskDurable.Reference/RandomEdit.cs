namespace RiskDurable.Reference;

/// <summary>Small changes to a book, such as a day brings: most of it stays what it was.</summary>
public static class RandomEdit
{
    /// <summary>A book with one thing changed, and what that was.</summary>
    public static (Book Book, string Change) Apply(Book book, Random random)
    {
        for (; ; )
        {
            int kind = random.Next(11);
            (Book Book, string Change)? edited = kind switch
            {
                0 => (book with { Fx = book.Fx.ToDictionary(rate => rate.Key, rate => rate.Value * (random.Chance(0.5) ? 1.1 : 1)) }, "fx"),
                1 => EditElt(book, random),
                2 => EditYet(book, random),
                3 => (book with { Trials = book.Trials + 1 }, "one more trial"),
                4 when book.Rollup.Count > 0 => (book with { Rollup = [.. book.Rollup.Skip(1)] }, "one level less"),
                5 => EditDeal(book, random, deal => deal with { Tags = new Dictionary<string, string> { ["lob"] = random.Pick("property", "new/line", "") } }, "tags"),
                6 => EditDeal(book, random, deal => deal with { Currency = random.Pick([book.Currency, .. book.Fx.Keys]) }, "currency of a deal"),
                7 => EditDeal(book, random, deal => deal with { Layers = [.. deal.Layers.Order(random)] }, "order of layers"),
                _ => EditLayer(book, random),
            };
            if (edited is not null)
            {
                return edited.Value;
            }
        }
    }

    private static (Book Book, string Change)? EditElt(Book book, Random random)
    {
        LossTable elt = random.Pick(book.Elts);
        LossTable changed = random.Next(3) switch
        {
            0 => elt with { Currency = random.Pick([book.Currency, .. book.Fx.Keys]) },
            1 => elt with { Rows = [.. elt.Rows.Skip(1)] },
            _ => elt with { Rows = [.. elt.Rows.Select(row => random.Chance(0.2) ? row with { MeanLoss = row.MeanLoss + 1 } : row)] },
        };
        return (book with { Elts = [.. book.Elts.Select(other => other == elt ? changed : other)] }, $"ELT {elt.Id}");
    }

    private static (Book Book, string Change)? EditYet(Book book, Random random)
    {
        int row = book.Yet.Count == 0 ? 0 : random.Next(book.Yet.Count);
        return random.Next(3) switch
        {
            0 => (book with { Yet = [.. book.Yet, new YetRow(random.Next(1, book.Trials + 1), book.Yet.Count == 0 ? 1 : book.Yet[row].EventId, 3)] }, "an occurrence more"),
            1 => (book with { Yet = [.. book.Yet.Where((_, i) => i != row)] }, "an occurrence less"),
            _ => (book with { Yet = [.. book.Yet.Select((other, i) => i == row ? other with { Day = 365 - other.Day } : other)] }, "another day"),
        };
    }

    private static (Book Book, string Change)? EditDeal(Book book, Random random, Func<Deal, Deal> edit, string change)
    {
        Deal deal = random.Pick(book.Deals);
        return (book with { Deals = [.. book.Deals.Select(other => other == deal ? edit(deal) : other)], FullyInured = [] }, $"{change} ({deal.Id})");
    }

    private static (Book Book, string Change)? EditLayer(Book book, Random random)
    {
        (string change, Func<Layer, Layer> edit) = random.Next(12) switch
        {
            0 => ("occurrence retention", (Func<Layer, Layer>)(layer => layer with { OccurrenceRetention = layer.OccurrenceRetention + 37 })),
            1 => ("occurrence limit", layer => layer with { OccurrenceLimit = (layer.OccurrenceLimit ?? 500) + 11 }),
            2 => ("aggregate retention", layer => layer with { AggregateRetention = layer.AggregateRetention + 41 }),
            3 => ("aggregate limit", layer => layer with { AggregateLimit = (layer.AggregateLimit ?? 700) + 13 }),
            4 => ("franchise", layer => layer with { Franchise = layer.Franchise + 29.5 }),
            5 => ("share", layer => layer with { Share = layer.Share == 0.5 ? 0.75 : 0.5 }),
            6 => ("position", layer => layer with { Position = (Position)(((int)layer.Position + 1) % 3) }),
            7 => ("premium", layer => layer with { Premium = layer.Premium + 100 }),
            8 => ("reinstatements", layer => layer.OccurrenceLimit > 0 ? layer with { Reinstatements = [.. layer.Reinstatements, new Reinstatement(1, 0.9)] } : layer with { Share = 0.9 }),
            9 => ("factor", layer => layer with { Subject = [.. layer.Subject.Select((term, i) => i == 0 ? term with { Factor = term.Factor * 0.8 } : term)] }),
            10 => ("ELT term", layer => layer with { Subject = [.. layer.Subject, SubjectTerm.OfElt(random.Pick(book.Elts).Id, 0.6)] }),
            _ => ("order of terms", layer => layer with { Subject = [.. layer.Subject.Reverse()] }),
        };
        Layer? chosen = null;
        return EditDeal(
            book,
            random,
            deal =>
            {
                chosen = random.Pick(deal.Layers);
                return deal with { Layers = [.. deal.Layers.Select(layer => layer == chosen ? edit(layer) : layer)] };
            },
            change);
    }
}
