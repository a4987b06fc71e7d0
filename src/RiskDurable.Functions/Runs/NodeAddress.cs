using RiskDurable.Execution.Planning;
using RiskDurable.Portfolio;

namespace RiskDurable.Functions.Runs;

/// <summary>What follows <c>nodes/</c> in an address: a node's path without the leading slash, and perhaps <c>curve</c>.</summary>
/// <param name="Path">The path as it came, percent-decoded once.</param>
/// <param name="IsCurve">Whether the curve is asked for.</param>
internal sealed record NodeAddress(string Path, bool IsCurve)
{
    private const string Curve = "curve";

    /// <summary>Reads the rest of an address. A level is <c>name=value</c>, so that <c>curve</c> is never one.</summary>
    public static NodeAddress Parse(string? rest)
    {
        string path = (rest ?? "").Trim('/');
        if (path == Curve)
        {
            return new NodeAddress("", true);
        }

        return path.EndsWith("/" + Curve, StringComparison.Ordinal)
            ? new NodeAddress(path[..^(Curve.Length + 1)], true)
            : new NodeAddress(path, false);
    }

    /// <summary>Finds the node.</summary>
    /// <param name="index">The nodes of the plan.</param>
    /// <param name="group">Number of the report job that works it out.</param>
    /// <returns>Null where there is none.</returns>
    public ReportNode? Find(NodeIndex index, out int group)
    {
        foreach (NodePath path in Readings())
        {
            if (index.TryFind(path, out ReportNode? node, out group))
            {
                return node;
            }
        }

        group = -1;
        return null;
    }

    // Links encode a path once more, as every part of an address. Who appends a path as it stands gets '%25' and '%3D' decoded on the way.
    private IEnumerable<NodePath> Readings()
    {
        if (Path.Length == 0)
        {
            yield return NodePath.Root;
            yield break;
        }

        if (TryParse("/" + Path) is { } exact)
        {
            yield return exact;
        }

        NodePath decoded = NodePath.Root;
        foreach (string level in Path.Split('/'))
        {
            int equals = level.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                yield break;
            }

            decoded = decoded.Child(level[..equals], level[(equals + 1)..].Replace("%2F", "/", StringComparison.OrdinalIgnoreCase));
        }

        yield return decoded;
    }

    private static NodePath? TryParse(string text)
    {
        try
        {
            return NodePath.Parse(text);
        }
        catch (FormatException)
        {
            // Not a path as it is written; the other reading is left.
            return null;
        }
    }
}
