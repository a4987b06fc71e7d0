using System.Security.Cryptography;
using System.Text;
using RiskDurable.Portfolio.Files;

namespace RiskDurable.Portfolio.Tests;

public sealed class FolderUploadsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("riskdurable-uploads-").FullName;
    private readonly FolderUploads _uploads;

    public FolderUploadsTests() => _uploads = new FolderUploads(_folder);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("book")]
    [InlineData("..")]
    [InlineData(".tmp")]
    [InlineData("a/b")]
    [InlineData("Büro & co: 1%")]
    public async Task Whatever_a_portfolio_is_called_its_files_are_below_the_folder_and_its_own(string portfolio)
    {
        Assert.True((await WriteAsync(portfolio, "elts/E 1.csv", "one")).IsNew);
        Assert.False((await WriteAsync(portfolio, "elts/E 1.csv", "three")).IsNew);
        UploadedFile file = Assert.Single(await ListAsync(portfolio));
        Assert.Equal(("elts/E 1.csv", 5L, Sha256("three")), (file.Path, file.Bytes, file.Sha256));
        Assert.Equal("three", Read(portfolio, "elts/E 1.csv"));
        Assert.Empty(await ListAsync(portfolio + "2"));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_folder, ".tmp")));
    }

    [Theory]
    [InlineData("../book2/a")]
    [InlineData("/etc/passwd")]
    [InlineData("a\\b")]
    [InlineData("")]
    public async Task A_path_that_could_leave_the_portfolio_is_refused(string path)
    {
        await Assert.ThrowsAsync<BadInputException>(() => WriteAsync("book", path, "x"));
        await Assert.ThrowsAsync<BadInputException>(() => _uploads.FindAsync("book", path, Stop));
        await Assert.ThrowsAsync<BadInputException>(() => _uploads.DeleteAsync("book", path, Stop));
    }

    [Fact]
    public async Task Names_that_no_file_system_takes_are_refused()
    {
        await Assert.ThrowsAsync<BadInputException>(() => WriteAsync("book", new string('x', 201), "x"));
        await Assert.ThrowsAsync<BadInputException>(() => WriteAsync(new string('é', 21), "x", "x"));
    }

    [Fact]
    public async Task Bytes_that_are_not_those_announced_replace_nothing()
    {
        await WriteAsync("book", "yet.csv", "good");
        UploadContent torn = Content("goo") with { Sha256 = Sha256("good") };
        Assert.Contains("was announced", (await Assert.ThrowsAsync<BadInputException>(() => _uploads.WriteAsync("book", "yet.csv", torn, Stop))).Message, StringComparison.Ordinal);
        UploadContent cut = Content("goo") with { Length = 4, Total = 4 };
        Assert.Contains("3 bytes came", (await Assert.ThrowsAsync<BadInputException>(() => _uploads.WriteAsync("book", "yet.csv", cut, Stop))).Message, StringComparison.Ordinal);
        Assert.Equal("good", Read("book", "yet.csv"));
    }

    [Fact]
    public async Task Whoever_reads_a_file_goes_on_reading_it_when_it_is_replaced()
    {
        await WriteAsync("book", "yet.csv", "old");
        using Stream reader = _uploads.FilesOf("book").OpenRead("yet.csv");
        await WriteAsync("book", "yet.csv", "newer");
        Assert.Equal("old", await new StreamReader(reader).ReadToEndAsync(Stop));
        Assert.Equal("newer", Read("book", "yet.csv"));
    }

    [Fact]
    public async Task Parts_come_in_any_order_and_the_file_is_there_with_the_last()
    {
        await WriteAsync("book", "yet.csv", "before");
        Assert.Equal(0, (await PartAsync("0123456789", 7, 3)).BytesReceived);
        Assert.Equal(4, (await PartAsync("0123456789", 0, 4)).BytesReceived);
        Assert.Equal(4, (await PartAsync("0123456789", 0, 4)).BytesReceived);
        Assert.Equal("before", Read("book", "yet.csv"));
        UploadOutcome last = await PartAsync("0123456789", 4, 3);
        Assert.Equal((10L, Sha256("0123456789")), (last.File!.Bytes, last.File.Sha256));
        Assert.Equal("0123456789", Read("book", "yet.csv"));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_folder, ".parts")));
    }

    [Fact]
    public async Task Parts_of_two_versions_do_not_mix()
    {
        await PartAsync("0123456789", 0, 5);
        await PartAsync("abcdefghij", 5, 5);
        Assert.Null(await _uploads.FindAsync("book", "yet.csv", Stop));
        await PartAsync("abcdefghij", 0, 5);
        Assert.Equal("abcdefghij", Read("book", "yet.csv"));
    }

    [Fact]
    public async Task Parts_that_do_not_give_the_file_that_was_announced_are_thrown_away()
    {
        await PartAsync("0123456789", 0, 5);
        UploadContent wrong = Part("0123456789", 5, 5) with { Body = new MemoryStream("xxxxx"u8.ToArray()) };
        await Assert.ThrowsAsync<BadInputException>(() => _uploads.WriteAsync("book", "yet.csv", wrong, Stop));
        Assert.Empty(await ListAsync("book"));
        Assert.Equal(5, (await PartAsync("0123456789", 0, 5)).BytesReceived);
        Assert.NotNull((await PartAsync("0123456789", 5, 5)).File);
    }

    [Fact]
    public async Task Parts_sent_at_the_same_time_give_one_file()
    {
        string text = string.Concat(Enumerable.Range(0, 20_000));
        const int Parts = 16;
        int size = text.Length / Parts;
        UploadOutcome[] outcomes = await Task.WhenAll(Enumerable.Range(0, Parts).Select(part =>
            Task.Run(() => PartAsync(text, part * size, part == Parts - 1 ? text.Length - (part * size) : size))));
        Assert.Contains(outcomes, outcome => outcome.File is not null);
        Assert.Equal(text, Read("book", "yet.csv"));
    }

    [Fact]
    public async Task A_file_in_the_way_of_a_folder_is_a_conflict()
    {
        await WriteAsync("book", "elts/a", "x");
        await Assert.ThrowsAsync<UploadConflictException>(() => WriteAsync("book", "elts", "x"));
        await Assert.ThrowsAsync<UploadConflictException>(() => WriteAsync("book", "elts/a/b", "x"));
        Assert.True(await _uploads.DeleteAsync("book", "elts/a", Stop));
        Assert.False(await _uploads.DeleteAsync("book", "elts/a", Stop));
        await WriteAsync("book", "elts", "x");
    }

    [Fact]
    public async Task A_file_that_was_changed_by_hand_has_the_digest_of_what_it_holds()
    {
        await WriteAsync("book", "yet.csv", "sent");
        string path = Path.Combine(_folder, "book", "yet.csv");
        await File.WriteAllTextAsync(path, "copied", Stop);
        await File.WriteAllTextAsync(Path.Combine(_folder, "book", "more.csv"), "more", Stop);
        Assert.Equal(Sha256("copied"), (await _uploads.FindAsync("book", "yet.csv", Stop))!.Sha256);
        Assert.Equal([Sha256("more"), Sha256("copied")], (await ListAsync("book")).OrderBy(file => file.Path, StringComparer.Ordinal).Select(file => file.Sha256));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Sha256(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static UploadContent Content(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        return new UploadContent(new MemoryStream(bytes), 0, bytes.Length, bytes.Length, null, null);
    }

    private static UploadContent Part(string whole, int first, int length) => Content(whole.Substring(first, length)) with { First = first, Total = whole.Length, Sha256 = Sha256(whole) };

    private Task<UploadOutcome> WriteAsync(string portfolio, string path, string text) => _uploads.WriteAsync(portfolio, path, Content(text), Stop);

    private Task<UploadOutcome> PartAsync(string whole, int first, int length) => _uploads.WriteAsync("book", "yet.csv", Part(whole, first, length), Stop);

    private string Read(string portfolio, string path)
    {
        using var reader = new StreamReader(_uploads.FilesOf(portfolio).OpenRead(path));
        return reader.ReadToEnd();
    }

    private async Task<List<UploadedFile>> ListAsync(string portfolio)
    {
        var files = new List<UploadedFile>();
        await foreach (UploadedFile file in _uploads.ListAsync(portfolio, Stop))
        {
            files.Add(file);
        }

        return files;
    }
}
