using RiskDurable.Portfolio;

namespace RiskDurable.Execution.Planning;

/// <summary>A node of the hierarchy above the deals.</summary>
/// <param name="Index">Its number in <see cref="Hierarchy.Nodes"/>; also the number of its section in a reduce job's output.</param>
/// <param name="Path">Its path.</param>
/// <param name="Depth">0 for the whole portfolio.</param>
/// <param name="Parent">The parent's number; -1 for the whole portfolio.</param>
public sealed record TagNode(int Index, NodePath Path, int Depth, int Parent);

/// <summary>The hierarchy above the deals: the whole portfolio, and a level for each roll-up tag.</summary>
public sealed class Hierarchy
{
    private readonly Dictionary<NodePath, int> _byPath = [];
    private readonly List<int>[] _children;

    /// <summary>Builds the hierarchy over some leaves.</summary>
    /// <param name="leaves">Paths of the deepest tag nodes, in any order, perhaps repeated.</param>
    public Hierarchy(IEnumerable<NodePath> leaves)
    {
        ArgumentNullException.ThrowIfNull(leaves);
        var paths = new HashSet<NodePath> { NodePath.Root };
        foreach (NodePath leaf in leaves)
        {
            for (NodePath? path = leaf; path is { } node && paths.Add(node); path = node.Parent())
            {
            }
        }

        var nodes = new List<TagNode>();
        foreach (NodePath path in paths.Order())
        {
            // A parent's path is the beginning of its children's, so that it comes before them.
            int parent = path.Parent() is { } above ? _byPath[above] : -1;
            _byPath.Add(path, nodes.Count);
            nodes.Add(new TagNode(nodes.Count, path, parent < 0 ? 0 : nodes[parent].Depth + 1, parent));
        }

        Nodes = nodes;
        _children = [.. nodes.Select(_ => new List<int>())];
        foreach (TagNode node in nodes.Where(node => node.Parent >= 0))
        {
            _children[node.Parent].Add(node.Index);
        }
    }

    /// <summary>All nodes by ordinal path; the whole portfolio first.</summary>
    public IReadOnlyList<TagNode> Nodes { get; }

    /// <summary>The node with this path.</summary>
    /// <param name="path">A path of the hierarchy.</param>
    public TagNode this[NodePath path] => Nodes[_byPath[path]];

    /// <summary>Numbers of a node's children, by ordinal path.</summary>
    /// <param name="node">The parent's number.</param>
    public IReadOnlyList<int> ChildrenOf(int node) => _children[node];
}
