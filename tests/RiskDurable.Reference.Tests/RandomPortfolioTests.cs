namespace RiskDurable.Reference.Tests;

public sealed class RandomPortfolioTests
{
    private const int Seeds = 300;

    private static readonly Lazy<(Book Book, ReferenceResult Result)[]> Runs =
        new(() => [.. Enumerable.Range(0, Seeds).Select(seed => RandomPortfolio.Create(seed)).Select(book => (book, NaiveReference.Run(book)))]);

    [Fact]
    public void The_same_seed_makes_the_same_book()
    {
        Book first = RandomPortfolio.Create(17);
        Book again = RandomPortfolio.Create(17);
        Assert.Equal(first.Yet, again.Yet);
        Assert.Equal(NaiveReference.Run(first).Ylt(), NaiveReference.Run(again).Ylt());
    }

    [Fact]
    public void The_books_visit_the_corners_of_the_definitions()
    {
        Book[] books = [.. Runs.Value.Select(run => run.Book)];
        Layer[] layers = [.. books.SelectMany(book => book.Deals).SelectMany(deal => deal.Layers)];
        Some(books, book => DealsReferToEachOther(book));
        Some(books, book => book.Yet.Count == 0);
        Some(books, book => book.Trials == 1);
        Some(books, book => book.Elts.Any(elt => elt.Rows.Count == 0));
        Some(books, book => book.Elts.Any(elt => elt.Rows.DistinctBy(row => row.EventId).Count() < elt.Rows.Count));
        Some(books, book => book.Yet.GroupBy(row => (row.Trial, row.Day)).Any(day => day.Count() > 1));
        Some(books, book => book.Yet.Zip(book.Yet.Skip(1)).Any(pair => pair.First.Trial > pair.Second.Trial));
        Some(books, book => book.Rollup.Count == 0);
        Some(books, book => book.Rollup.Count == 3);
        Some(books, book => book.Deals.Select(deal => deal.Currency).Distinct().Count() > 2);
        Some(layers, layer => layer.OccurrenceLimit == 0);
        Some(layers, layer => layer.AggregateLimit == 0);
        Some(layers, layer => layer.Reinstatements.Count > 1 && layer.AggregateLimit is null);
        Some(layers, layer => layer.Subject.Count(term => term.Layer is not null) > 1);
        Some(layers, layer => layer.Franchise > 0 && layer.Position == Position.Ceded);
        Some(layers, layer => layer.Share == 0);
        Some(Runs.Value, run => run.Result.Metrics.Values.Any(metrics => metrics.ExhaustionProbability is > 0 and < 1));
        Some(Runs.Value, run => run.Result.Nodes["/"].Aggregate.Any(loss => loss < 0));
    }

    [Fact]
    public void A_layer_fully_inured_away_never_has_a_loss()
    {
        int checkedLayers = 0;
        foreach ((Book book, ReferenceResult result) in Runs.Value)
        {
            foreach (string reference in book.FullyInured)
            {
                Deal deal = book.Deals.Single(deal => deal.Id == reference.Split('/')[0]);
                NodeYears years = result.Nodes[NodePath.OfLayer(book, deal, deal.Layers.Single(layer => layer.Id == reference.Split('/')[1]))];
                Assert.All(years.Aggregate, loss => Assert.Equal(0, loss));
                checkedLayers++;
            }
        }

        Assert.InRange(checkedLayers, 100, int.MaxValue);
    }

    [Fact]
    public void The_fold_agrees_with_the_closed_form_of_a_years_total()
    {
        var random = new Random(5);
        for (int i = 0; i < 2000; i++)
        {
            var layer = new Layer { Id = "L", Subject = [], AggregateRetention = random.Next(0, 500), AggregateLimit = random.Next(0, 900) };
            double[] losses = [.. Enumerable.Range(0, random.Next(0, 9)).Select(_ => random.NextDouble() * 300)];
            LayerYear year = LayerYear.Fold(layer, losses);
            double expected = Math.Min(Math.Max(losses.Sum() - layer.AggregateRetention, 0), layer.EffectiveAggregateLimit);
            Assert.Equal(expected, year.Aggregate, 1e-9);
            Assert.Equal(expected, year.Recoveries.Sum(), 1e-9);
        }
    }

    [Fact]
    public void Contributions_of_children_add_up_to_the_parents_tail_value()
    {
        foreach ((_, ReferenceResult result) in Runs.Value.Take(40))
        {
            foreach ((string parent, IReadOnlyList<string> children) in result.Children)
            {
                NodeYears years = result.Nodes[parent];
                foreach (double period in ExceedanceCurve.Answerable(years.Trials))
                {
                    double sum = result.Contributions(parent, period).Sum();
                    double scale = 1e-9 * (1 + children.Sum(child => result.Nodes[child].Aggregate.Sum(Math.Abs)));
                    Assert.Equal(new ExceedanceCurve(years.Aggregate).TailValueAt(period), sum, scale);
                }
            }
        }
    }

    [Fact]
    public void The_allowance_for_rounding_stays_far_below_the_losses_it_excuses()
    {
        (double Loss, double Bound)[] years =
        [
            .. Runs.Value.SelectMany(run => run.Result.Nodes.Values).SelectMany(node => node.Aggregate.Zip(node.AggregateBound)).Where(year => year.First != 0),
        ];
        Assert.InRange(years.Count(year => year.Bound > ResultComparison.Relative * Math.Abs(year.Loss)), 0, years.Length / 1000);
        Assert.InRange(years.Max(year => year.Bound), 0, 1e-3);
    }

    private static void Some<T>(IEnumerable<T> values, Func<T, bool> condition) => Assert.InRange(values.Count(condition), 3, int.MaxValue);

    private static bool DealsReferToEachOther(Book book)
    {
        HashSet<(string From, string To)> arrows =
        [
            .. from deal in book.Deals
               from layer in deal.Layers
               from term in layer.Subject
               let upstream = term.Layer?.Split('/')[0]
               where upstream is not null
               select (deal.Id, upstream),
        ];
        return arrows.Any(arrow => arrow.From != arrow.To && arrows.Contains((arrow.To, arrow.From)));
    }
}
