namespace RiskDurable.Reference;

/// <summary>The names of the hierarchy's nodes.</summary>
public static class NodePath
{
    public const string Root = "/";

    public static string Child(string parent, string name, string value) =>
        (parent == Root ? "" : parent) + "/" + name + "=" + value.Replace("%", "%25").Replace("/", "%2F").Replace("=", "%3D");

    /// <summary>The root and the tag nodes above a deal, outermost first.</summary>
    public static List<string> AboveDeal(Book book, Deal deal)
    {
        var paths = new List<string> { Root };
        foreach (string tag in book.Rollup)
        {
            paths.Add(Child(paths[^1], tag, deal.Tags.TryGetValue(tag, out string? value) ? value : ""));
        }

        return paths;
    }

    public static string OfDeal(Book book, Deal deal) => Child(AboveDeal(book, deal)[^1], "deal", deal.Id);

    public static string OfLayer(Book book, Deal deal, Layer layer) => Child(OfDeal(book, deal), "layer", layer.Id);
}
