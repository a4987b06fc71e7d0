using System.Globalization;

namespace RiskDurable.Reference;

/// <summary>
/// Holds another implementation's rows against the reference: 1e-9 relative, and where large amounts cancel, what rounding alone can move.
/// </summary>
public static class ResultComparison
{
    public const double Relative = 1e-9;

    /// <summary>Differences in words, none when the rows agree. A row of all zeros may be missing on either side.</summary>
    public static List<string> OfYlt(ReferenceResult expected, IEnumerable<YltRow> actual)
    {
        var differences = new List<string>();
        var seen = new HashSet<(string, int)>();
        foreach (YltRow row in actual)
        {
            if (!expected.Nodes.TryGetValue(row.Node, out NodeYears? node) || row.Trial < 1 || row.Trial > node.Trials)
            {
                differences.Add($"ylt {row.Node} trial {row.Trial}: no such node or trial");
            }
            else if (!seen.Add((row.Node, row.Trial)))
            {
                differences.Add($"ylt {row.Node} trial {row.Trial}: given twice");
            }
            else
            {
                Compare(node, row, differences);
            }
        }

        foreach (NodeYears node in expected.Nodes.Values)
        {
            for (int trial = 1; trial <= node.Trials; trial++)
            {
                if (!seen.Contains((node.Path, trial)))
                {
                    Compare(node, new YltRow(node.Path, trial, 0, 0, 0), differences);
                }
            }
        }

        return differences;
    }

    /// <summary>Differences in words; every node and every return period that the trials can answer must be there once.</summary>
    public static List<string> OfEpt(ReferenceResult expected, IEnumerable<EptRow> actual)
    {
        var differences = new List<string>();
        var remaining = expected.Ept().ToDictionary(row => (row.Node, row.EpType, row.ReturnPeriod));
        foreach (EptRow row in actual)
        {
            if (!remaining.Remove((row.Node, row.EpType, row.ReturnPeriod), out EptRow? wanted))
            {
                differences.Add($"ept {row.Node} type {row.EpType} at {row.ReturnPeriod}: not expected, or given twice");
                continue;
            }

            NodeYears node = expected.Nodes[row.Node];
            double floor = (row.EpType <= 2 ? node.MaxOccurrenceBound : node.AggregateBound).Max();
            Compare($"ept {row.Node} type {row.EpType} at {row.ReturnPeriod}", wanted.Loss, row.Loss, floor, differences);
        }

        differences.AddRange(remaining.Keys.Select(key => $"ept {key.Node} type {key.EpType} at {key.ReturnPeriod}: missing"));
        return differences;
    }

    /// <summary>Whether two numbers agree to 1e-9 relative or to an absolute floor.</summary>
    public static bool Agree(double expected, double actual, double floor) =>
        Math.Abs(expected - actual) <= Math.Max(Relative * Math.Max(Math.Abs(expected), Math.Abs(actual)), floor);

    private static void Compare(NodeYears node, YltRow row, List<string> differences)
    {
        int i = row.Trial - 1;
        string place = $"ylt {row.Node} trial {row.Trial}";
        Compare($"{place} aggregate loss", node.Aggregate[i], row.AggregateLoss, node.AggregateBound[i], differences);
        Compare($"{place} largest occurrence", node.MaxOccurrence[i], row.MaxOccurrenceLoss, node.MaxOccurrenceBound[i], differences);
        Compare($"{place} reinstatement premium", node.ReinstatementPremium[i], row.ReinstatementPremium, node.ReinstatementPremiumBound[i], differences);
    }

    private static void Compare(string place, double expected, double actual, double floor, List<string> differences)
    {
        if (!Agree(expected, actual, floor))
        {
            differences.Add(string.Create(CultureInfo.InvariantCulture, $"{place}: expected {expected:R}, found {actual:R} (floor {floor:R})"));
        }
    }
}
