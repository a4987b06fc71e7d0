using RiskDurable.Portfolio.Files;

namespace RiskDurable.Portfolio.Tests;

public sealed class FolderFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("riskdurable-files-").FullName;

    [Theory]
    [InlineData("../secret")]
    [InlineData("a/../../secret")]
    [InlineData("/etc/passwd")]
    [InlineData("a//b")]
    [InlineData("./a")]
    [InlineData("c:/a")]
    [InlineData("a\\b")]
    [InlineData("a\0b")]
    [InlineData("")]
    public void A_path_that_could_leave_the_folder_is_refused(string path)
    {
        var files = new FolderFiles(_folder);
        Assert.Contains("refused", Assert.Single(PortfolioFolder.ProblemsOf(() => files.Exists(path))), StringComparison.Ordinal);
        Assert.Contains("refused", Assert.Single(PortfolioFolder.ProblemsOf(() => files.OpenRead(path).Dispose())), StringComparison.Ordinal);
    }

    [Fact]
    public void Files_are_read_by_relative_path()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "elts"));
        File.WriteAllText(Path.Combine(_folder, "elts", "a.csv"), "x");
        var files = new FolderFiles(_folder);
        Assert.True(files.Exists("elts/a.csv"));
        Assert.False(files.Exists("elts"));
        using Stream stream = files.OpenRead("elts/a.csv");
        Assert.True(stream.CanSeek);
        Assert.Equal('x', stream.ReadByte());
    }

    [Fact]
    public void A_missing_file_and_a_folder_are_refused()
    {
        var files = new FolderFiles(_folder);
        Directory.CreateDirectory(Path.Combine(_folder, "elts"));
        Assert.Contains("missing", Assert.Single(PortfolioFolder.ProblemsOf(() => files.OpenRead("none.csv").Dispose())), StringComparison.Ordinal);
        Assert.Contains("cannot be opened", Assert.Single(PortfolioFolder.ProblemsOf(() => files.OpenRead("elts").Dispose())), StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
