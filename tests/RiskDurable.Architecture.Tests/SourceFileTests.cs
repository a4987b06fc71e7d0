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

    /// <summary>The one thing that <c>dotnet format</c> sees and the build does not.</summary>
    [Fact]
    public void Using_directives_are_in_order_those_of_the_system_first()
    {
        var unsorted = new List<string>();
        foreach (string path in Repository.Files(".cs"))
        {
            string[] names =
            [
                .. File.ReadLines(path)
                    .TakeWhile(line => !line.StartsWith("namespace ", StringComparison.Ordinal))
                    .Where(line => line.StartsWith("using ", StringComparison.Ordinal) && line.EndsWith(';') && !line.Contains('=', StringComparison.Ordinal))
                    .Select(line => line["using ".Length..^1])
                    .Where(name => !name.StartsWith("static ", StringComparison.Ordinal)),
            ];
            IEnumerable<string> sorted = names
                .OrderBy(name => name is "System" || name.StartsWith("System.", StringComparison.Ordinal) ? 0 : 1)
                .ThenBy(name => name, StringComparer.OrdinalIgnoreCase);
            if (!names.SequenceEqual(sorted))
            {
                unsorted.Add(Path.GetRelativePath(Repository.Root, path));
            }
        }

        Assert.Empty(unsorted);
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("CHANGELOG.md")]
    [InlineData("LICENSE")]
    [InlineData("RiskDurable.sln")]
    [InlineData("global.json")]
    public void The_top_level_holds(string file) => Assert.True(File.Exists(Path.Combine(Repository.Root, file)), file);
}
