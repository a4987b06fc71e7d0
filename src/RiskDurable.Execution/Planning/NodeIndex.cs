using System.Diagnostics.CodeAnalysis;
using RiskDurable.Portfolio;

namespace RiskDurable.Execution.Planning;

/// <summary>Finds the nodes of a plan by path.</summary>
public sealed class NodeIndex
{
    private readonly Dictionary<NodePath, (ReportNode Node, int Group)> _nodes = [];
    private readonly Dictionary<NodePath, List<ReportNode>> _children = [];

    internal NodeIndex(IReadOnlyList<ReportGroup> groups)
    {
        foreach (ReportGroup group in groups)
        {
            foreach (ReportNode node in group.Nodes)
            {
                _nodes.Add(node.Path, (node, group.Index));
                if (node.Path.Parent() is { } parent)
                {
                    (_children.TryGetValue(parent, out List<ReportNode>? siblings) ? siblings : _children[parent] = []).Add(node);
                }
            }
        }

        foreach (List<ReportNode> siblings in _children.Values)
        {
            siblings.Sort((a, b) => a.Path.CompareTo(b.Path));
        }
    }

    /// <summary>Finds a node.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="node">The node.</param>
    /// <param name="group">Number of the report job that works it out.</param>
    /// <returns>False where the plan has no such node, or does not report on it.</returns>
    public bool TryFind(NodePath path, [NotNullWhen(true)] out ReportNode? node, out int group)
    {
        bool found = _nodes.TryGetValue(path, out (ReportNode Node, int Group) entry);
        (node, group) = entry;
        return found;
    }

    /// <summary>The nodes one level down that the plan reports on, by ordinal path.</summary>
    /// <param name="path">Path of the node above them.</param>
    public IReadOnlyList<ReportNode> ChildrenOf(NodePath path) => _children.GetValueOrDefault(path) ?? [];
}
