using System.Text;
using RiskDurable.Portfolio.Model;

namespace RiskDurable.Portfolio;

/// <summary>
/// The path of a node of the hierarchy: <c>/</c>, then <c>/lob=property/region=US</c>, a level a roll-up tag, then
/// <c>.../deal=D001</c> and <c>.../deal=D001/layer=L1</c>. <c>%</c>, <c>/</c> and <c>=</c> in a name or a value are
/// percent-encoded, so that a path reads back exactly. Paths compare ordinally.
/// </summary>
public readonly struct NodePath : IEquatable<NodePath>, IComparable<NodePath>
{
    /// <summary>The name of a deal's level; no roll-up tag may have it.</summary>
    public const string DealName = "deal";

    /// <summary>The name of a layer's level; no roll-up tag may have it.</summary>
    public const string LayerName = "layer";

    private readonly string? _text;

    private NodePath(string text) => _text = text;

    /// <summary>The whole portfolio: <c>/</c>.</summary>
    public static NodePath Root => default;

    /// <summary>The path as text.</summary>
    public string Text => _text ?? "/";

    /// <summary>Whether this is the whole portfolio.</summary>
    public bool IsRoot => _text is null;

    /// <summary>The leaf that a deal hangs under: its values of the roll-up tags; a tag it does not have is the empty string.</summary>
    /// <param name="rollup">Tag names, outermost first.</param>
    /// <param name="tags">The deal's tags.</param>
    public static NodePath ForTags(IReadOnlyList<string> rollup, IReadOnlyDictionary<string, string> tags)
    {
        ArgumentNullException.ThrowIfNull(rollup);
        ArgumentNullException.ThrowIfNull(tags);
        NodePath path = Root;
        foreach (string tag in rollup)
        {
            path = path.Child(tag, tags.GetValueOrDefault(tag, ""));
        }

        return path;
    }

    /// <summary>A deal's node.</summary>
    /// <param name="rollup">Tag names, outermost first.</param>
    /// <param name="deal">The deal.</param>
    public static NodePath ForDeal(IReadOnlyList<string> rollup, Deal deal)
    {
        ArgumentNullException.ThrowIfNull(deal);
        return ForTags(rollup, deal.Tags).Child(DealName, deal.Id);
    }

    /// <summary>Reads a path back.</summary>
    /// <param name="text">A path as <see cref="Text"/> gives it.</param>
    /// <exception cref="FormatException">The text is not a node path.</exception>
    public static NodePath Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text == "/")
        {
            return Root;
        }

        var path = new NodePath(text);
        NodePath again = Root;
        foreach ((string name, string value) in path.Levels())
        {
            again = again.Child(name, value);
        }

        return again == path ? path : throw new FormatException($"'{text}' is not a node path; '{again.Text}' would be.");
    }

    /// <summary>The node one level down.</summary>
    /// <param name="name">A tag's name, or <see cref="DealName"/> or <see cref="LayerName"/>.</param>
    /// <param name="value">The tag's value, or the id; not encoded.</param>
    public NodePath Child(string name, string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(value);
        return new NodePath($"{_text}/{Encode(name)}={Encode(value)}");
    }

    /// <summary>The node of one of this deal's layers.</summary>
    /// <param name="layerId">The layer's id.</param>
    public NodePath Layer(string layerId) => Child(LayerName, layerId);

    /// <summary>The node one level up; null above the root.</summary>
    public NodePath? Parent()
    {
        if (_text is null)
        {
            return null;
        }

        int cut = _text.LastIndexOf('/');
        return cut == 0 ? Root : new NodePath(_text[..cut]);
    }

    /// <summary>The levels from the outermost to this node, decoded; none for the root.</summary>
    /// <exception cref="FormatException">The text is not a node path.</exception>
    public IReadOnlyList<(string Name, string Value)> Levels()
    {
        if (_text is null)
        {
            return [];
        }

        if (!_text.StartsWith('/'))
        {
            throw new FormatException($"'{_text}' is not a node path: it must start with '/'.");
        }

        var levels = new List<(string, string)>();
        foreach (string level in _text[1..].Split('/'))
        {
            int equals = level.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                throw new FormatException($"'{_text}' is not a node path: its part '{level}' is not 'name=value'.");
            }

            levels.Add((Decode(level[..equals]), Decode(level[(equals + 1)..])));
        }

        return levels;
    }

    /// <inheritdoc/>
    public int CompareTo(NodePath other) => string.CompareOrdinal(Text, other.Text);

    /// <inheritdoc/>
    public bool Equals(NodePath other) => _text == other._text;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is NodePath other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    /// <summary>The path as text.</summary>
    public override string ToString() => Text;

    /// <summary>Whether both name the same node.</summary>
    public static bool operator ==(NodePath left, NodePath right) => left.Equals(right);

    /// <summary>Whether they name different nodes.</summary>
    public static bool operator !=(NodePath left, NodePath right) => !left.Equals(right);

    /// <summary>Ordinal order.</summary>
    public static bool operator <(NodePath left, NodePath right) => left.CompareTo(right) < 0;

    /// <summary>Ordinal order.</summary>
    public static bool operator <=(NodePath left, NodePath right) => left.CompareTo(right) <= 0;

    /// <summary>Ordinal order.</summary>
    public static bool operator >(NodePath left, NodePath right) => left.CompareTo(right) > 0;

    /// <summary>Ordinal order.</summary>
    public static bool operator >=(NodePath left, NodePath right) => left.CompareTo(right) >= 0;

    // The percent sign first, or it would encode the encodings.
    private static string Encode(string text) => text.AsSpan().IndexOfAny("%/=") < 0
        ? text
        : text.Replace("%", "%25", StringComparison.Ordinal)
            .Replace("/", "%2F", StringComparison.Ordinal)
            .Replace("=", "%3D", StringComparison.Ordinal);

    private static string Decode(string text)
    {
        if (!text.Contains('%', StringComparison.Ordinal))
        {
            return text;
        }

        var decoded = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != '%')
            {
                decoded.Append(text[i]);
                continue;
            }

            decoded.Append(text.AsSpan(i + 1, Math.Min(2, text.Length - i - 1)) switch
            {
                "25" => '%',
                "2F" => '/',
                "3D" => '=',
                _ => throw new FormatException($"'{text}' is not part of a node path: after '%' must come 25, 2F or 3D."),
            });
            i += 2;
        }

        return decoded.ToString();
    }
}
