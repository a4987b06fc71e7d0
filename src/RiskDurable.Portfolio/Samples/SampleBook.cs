using RiskDurable.Portfolio.Model;

namespace RiskDurable.Portfolio.Samples;

/// <summary>
/// What of the sample has been drawn so far, and what each event would cost its layers. ELTs are drawn again when they are
/// needed once more, so that a large book does not have to fit into memory.
/// </summary>
internal sealed class SampleBook(EventCatalogue catalogue, long seed, Action<SampleElt, string> writeElt)
{
    private const int EltsKept = 8;

    private readonly Dictionary<string, (int Number, int Peril)> _elts = new(StringComparer.Ordinal);
    private readonly List<SampleElt> _recent = [];
    private readonly OrderedDictionary<LayerId, Layer> _layers = [];
    private readonly Dictionary<Territory, List<Deal>> _written = Territory.All.ToDictionary(territory => territory, _ => new List<Deal>());

    /// <summary>Net loss of all deals in the retro's currency, an event.</summary>
    public double[] AmericanNet { get; } = new double[catalogue.Count];

    /// <summary>Deals of a territory that assume business, in the order drawn.</summary>
    public IReadOnlyList<Deal> Assumed(Territory territory) => _written[territory];

    /// <summary>Every layer so far, in the order drawn.</summary>
    public IReadOnlyDictionary<LayerId, Layer> Layers => _layers;

    /// <summary>Draws a new ELT and has it written.</summary>
    /// <returns>Its id.</returns>
    public string AddElt(int peril, Territory territory)
    {
        int number = _elts.Count;
        SampleElt elt = Keep(SampleElt.Draw(catalogue, seed, number, peril));
        _elts.Add(elt.Id, (number, peril));
        writeElt(elt, territory.Currency);
        return elt.Id;
    }

    /// <summary>Makes a layer known before its deal is complete, so that the deal's other layers can refer to it.</summary>
    public void AddLayer(string deal, Layer layer) => _layers.TryAdd(new LayerId(deal, layer.Id), layer);

    public void AddDeal(Deal deal, Territory territory)
    {
        foreach (Layer layer in deal.Layers)
        {
            AddLayer(deal.Id, layer);
            int sign = Kernel.LayerPositions.Sign(layer.Position);
            if (territory == Territory.America && sign != 0)
            {
                AddRecoveries(layer, sign * layer.Share, AmericanNet);
            }
        }

        if (deal.Layers.Any(layer => layer.Position == Kernel.LayerPosition.Assumed))
        {
            _written[territory].Add(deal);
        }
    }

    /// <summary>Subject losses, an event; aggregate terms upstream are left aside.</summary>
    public double[] SubjectLosses(IReadOnlyList<SubjectTerm> subject)
    {
        double[] losses = new double[catalogue.Count];
        foreach (SubjectTerm term in subject)
        {
            if (term.Elt is not null)
            {
                SampleElt elt = Find(term.Elt);
                for (int i = 0; i < elt.Events.Length; i++)
                {
                    losses[elt.Events[i]] += term.Factor * elt.Losses[i];
                }
            }
            else
            {
                AddRecoveries(_layers[term.Layer!.Value], term.Factor, losses);
            }
        }

        return losses;
    }

    public LossProfile Profile(double[] losses)
    {
        int[] events = [.. Enumerable.Range(0, losses.Length).Where(e => losses[e] > 0)];
        return new LossProfile(catalogue, events, [.. events.Select(e => losses[e])]);
    }

    private void AddRecoveries(Layer layer, double factor, double[] losses)
    {
        double[] subject = SubjectLosses(layer.Subject);
        for (int e = 0; e < losses.Length; e++)
        {
            if (subject[e] > 0)
            {
                losses[e] += factor * layer.Terms.ApplyOccurrenceTerms(subject[e]);
            }
        }
    }

    private SampleElt Find(string id) => _recent.Find(elt => elt.Id == id)
        ?? Keep(SampleElt.Draw(catalogue, seed, _elts[id].Number, _elts[id].Peril));

    private SampleElt Keep(SampleElt elt)
    {
        if (_recent.Count == EltsKept)
        {
            _recent.RemoveAt(0);
        }

        _recent.Add(elt);
        return elt;
    }
}
