using RiskDurable.Execution.Packing;
using RiskDurable.Portfolio;
using RiskDurable.Portfolio.Model;

namespace RiskDurable.Execution.Planning;

/// <summary>Lists the nodes to report on, and groups them into jobs.</summary>
internal static class ReportPlanner
{
    // A job holds the year losses of its nodes over all trials: 28 bytes an entry.
    private const long BytesAGroup = 64L * 1024 * 1024;
    private const int BytesAnEntry = 28;
    private const int MostNodesAGroup = 512;

    public static IReadOnlyList<ReportGroup> Plan(
        PortfolioManifest manifest, Hierarchy hierarchy, IReadOnlyList<Bundle> bundles, RollupSettings settings)
    {
        int nodesAGroup = (int)Math.Clamp(BytesAGroup / ((long)manifest.Trials * BytesAnEntry), 1, MostNodesAGroup);
        var groups = new List<ReportGroup>();
        AddGroups(groups, TagNodes(hierarchy, settings.Depth), nodesAGroup);
        if (settings.Depth >= ReportDepth.Deals)
        {
            foreach (Bundle bundle in bundles)
            {
                AddGroups(groups, DealNodes(manifest, hierarchy, bundle, settings.Depth), nodesAGroup);
            }
        }

        return groups;
    }

    private static void AddGroups(List<ReportGroup> groups, IEnumerable<ReportNode> nodes, int nodesAGroup)
    {
        foreach (ReportNode[] group in nodes.Chunk(nodesAGroup))
        {
            groups.Add(new ReportGroup(groups.Count, group));
        }
    }

    private static IEnumerable<ReportNode> TagNodes(Hierarchy hierarchy, ReportDepth depth)
    {
        foreach (TagNode node in hierarchy.Nodes.Where(node => depth > ReportDepth.Portfolio || node.Parent < 0))
        {
            LossSource? parent = node.Parent < 0 ? null : OfTag(node.Parent);
            yield return new ReportNode(
                node.Path, node.Parent < 0 ? NodeKind.Portfolio : NodeKind.Tag, OfTag(node.Index), parent, Sign: 1, Layer: null, Name: null);
        }
    }

    private static IEnumerable<ReportNode> DealNodes(PortfolioManifest manifest, Hierarchy hierarchy, Bundle bundle, ReportDepth depth)
    {
        foreach (BundleDeal bundled in bundle.Deals)
        {
            Deal deal = bundled.Deal;
            int leaf = bundle.Leaves[bundled.Leaf].Node;
            NodePath path = hierarchy.Nodes[leaf].Path.Child(NodePath.DealName, deal.Id);
            var losses = new LossSource(bundle.Index, bundled.Section, Share: 1, manifest.Fx[deal.Currency]);
            yield return new ReportNode(path, NodeKind.Deal, losses, OfTag(leaf), Sign: 1, Layer: null, deal.Name);
            for (int i = 0; i < deal.Layers.Count && depth >= ReportDepth.Layers; i++)
            {
                Layer layer = deal.Layers[i];
                yield return new ReportNode(
                    path.Layer(layer.Id),
                    NodeKind.Layer,
                    losses with { Section = bundled.Section + 1 + i, Share = layer.Share },
                    losses,
                    Kernel.LayerPositions.Sign(layer.Position),
                    layer,
                    Name: null);
            }
        }
    }

    private static LossSource OfTag(int node) => new(Bundle: -1, node, Share: 1, Rate: 1);
}
