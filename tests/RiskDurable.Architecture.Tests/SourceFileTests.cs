namespace RiskDurable.Architecture.Tests;

public sealed class SourceFileTests
{
    [Fact]
    public void No_source_file_is_longer_than_500_lines()
    {
        string[] tooLong =
        [
            .. Repository.Files(".cs", ".ts", ".sh", ".bicep")
                .Select(path => (path, lines: File.ReadLines(path).Count()))
                .Where(file => file.lines > 500)
                .Select(file => $"{Path.GetRelativePath(Repository.Root, file.path)}: {file.lines} lines"),
        ];
        Assert.Empty(tooLong);
    }

    [Fact]
    public void No_type_is_named_Manager_Helper_or_Util()
    {
        string[] vague =
        [
            .. Repository.Files(".cs")
                .Where(path => Path.GetFileNameWithoutExtension(path) is var name
                    && new[] { "Manager", "Helper", "Helpers", "Util", "Utils", "Utilities" }.Any(word => name.EndsWith(word, StringComparison.Ordinal)))
                .Select(path => Path.GetRelativePath(Repository.Root, path)),
        ];
        Assert.Empty(vague);
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("CHANGELOG.md")]
    [InlineData("LICENSE")]
    [InlineData("RiskDurable.sln")]
    [InlineData("global.json")]
    public void The_top_level_holds(string file) => Assert.True(File.Exists(Path.Combine(Repository.Root, file)), file);
}
