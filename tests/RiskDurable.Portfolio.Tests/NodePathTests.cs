using RiskDurable.Portfolio.Model;

namespace RiskDurable.Portfolio.Tests;

public sealed class NodePathTests
{
    [Fact]
    public void A_path_names_the_levels_from_the_outermost_to_the_layer()
    {
        var deal = new Deal("D001", "", "USD", new Dictionary<string, string> { ["lob"] = "property", ["other"] = "x" }, []);
        NodePath path = NodePath.ForDeal(["lob", "region"], deal);
        Assert.Equal("/lob=property/region=/deal=D001", path.Text);
        Assert.Equal("/lob=property/region=/deal=D001/layer=L1", path.Layer("L1").Text);
        Assert.Equal("/lob=property/region=", path.Parent()!.Value.Text);
        Assert.Equal("/", NodePath.Root.Text);
        Assert.Equal(NodePath.Root, NodePath.Root.Child("lob", "a").Parent());
        Assert.Null(NodePath.Root.Parent());
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a/b", "a%2Fb")]
    [InlineData("a=b", "a%3Db")]
    [InlineData("100%", "100%25")]
    [InlineData("%2F", "%252F")]
    [InlineData("", "")]
    [InlineData("Zürich, \"x\"", "Zürich, \"x\"")]
    public void A_value_is_percent_encoded_and_reads_back(string value, string encoded)
    {
        NodePath path = NodePath.Root.Child("tag", value);
        Assert.Equal($"/tag={encoded}", path.Text);
        Assert.Equal([("tag", value)], NodePath.Parse(path.Text).Levels());
    }

    [Theory]
    [InlineData("")]
    [InlineData("a=b")]
    [InlineData("/a")]
    [InlineData("/=b")]
    [InlineData("//a=b")]
    [InlineData("/a=b/")]
    [InlineData("/a=b=c")]
    [InlineData("/a=%")]
    [InlineData("/a=%41")]
    [InlineData("/a=%2f")]
    public void What_is_not_a_node_path_is_refused(string text) => Assert.Throws<FormatException>(() => NodePath.Parse(text));

    [Fact]
    public void Paths_compare_ordinally()
    {
        NodePath[] paths = [NodePath.Parse("/lob=b"), NodePath.Parse("/lob=B"), NodePath.Parse("/lob=a/region=x"), NodePath.Parse("/lob=a"), NodePath.Root];
        Array.Sort(paths);
        Assert.Equal(["/", "/lob=B", "/lob=a", "/lob=a/region=x", "/lob=b"], paths.Select(path => path.Text));
        Assert.True(NodePath.Parse("/lob=B") < NodePath.Parse("/lob=a"));
    }
}
