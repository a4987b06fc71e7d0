using System.Security.Cryptography;
using System.Text;
using RiskDurable.Portfolio.Files;

namespace RiskDurable.Portfolio.Tests;

/// <summary>What every area of uploads holds to.</summary>
public abstract class UploadAreaTests : IAsyncLifetime
{
    protected IUploadArea Uploads { get; private set; } = null!;

    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => Uploads = await OpenAsync();

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("book")]
    [InlineData("..")]
    [InlineData(".tmp")]
    [InlineData("a/b")]
    [InlineData("Büro & co: 1%")]
    public async Task Whatever_a_portfolio_is_called_its_files_are_its_own(string portfolio)
    {
        Assert.True((await WriteAsync(portfolio, "elts/E 1.csv", "one")).IsNew);
        Assert.False((await WriteAsync(portfolio, "elts/E 1.csv", "three")).IsNew);
        UploadedFile file = Assert.Single(await ListAsync(portfolio));
        Assert.Equal(("elts/E 1.csv", 5L, Sha256("three")), (file.Path, file.Bytes, file.Sha256));
        Assert.Equal("three", Read(portfolio, "elts/E 1.csv"));
        Assert.Empty(await ListAsync(portfolio + "2"));
    }

    [Theory]
    [InlineData("../book2/a")]
    [InlineData("/etc/passwd")]
    [InlineData("a\\b")]
    [InlineData("")]
    public async Task A_path_that_could_leave_the_portfolio_is_refused(string path)
    {
        await Assert.ThrowsAsync<BadInputException>(() => WriteAsync("book", path, "x"));
        await Assert.ThrowsAsync<BadInputException>(() => Uploads.FindAsync("book", path, Stop));
        await Assert.ThrowsAsync<BadInputException>(() => Uploads.DeleteAsync("book", path, Stop));
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
        Assert.Contains("was announced", (await Assert.ThrowsAsync<BadInputException>(() => Uploads.WriteAsync("book", "yet.csv", torn, Stop))).Message, StringComparison.Ordinal);
        UploadContent cut = Content("goo") with { Length = 4, Total = 4 };
        Assert.Contains("3 bytes came", (await Assert.ThrowsAsync<BadInputException>(() => Uploads.WriteAsync("book", "yet.csv", cut, Stop))).Message, StringComparison.Ordinal);
        Assert.Equal("good", Read("book", "yet.csv"));
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
    }

    [Fact]
    public async Task Parts_of_two_versions_do_not_mix()
    {
        await PartAsync("0123456789", 0, 5);
        await PartAsync("abcdefghij", 5, 5);
        Assert.Null(await Uploads.FindAsync("book", "yet.csv", Stop));
        await PartAsync("abcdefghij", 0, 5);
        Assert.Equal("abcdefghij", Read("book", "yet.csv"));
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
    public async Task A_part_that_is_not_what_it_should_be_does_not_count_and_is_replaced()
    {
        UploadContent torn = Part("0123456789", 0, 5) with { Body = new MemoryStream("01x34"u8.ToArray()), BodySha256 = Sha256("01234") };
        await Assert.ThrowsAsync<BadInputException>(() => Uploads.WriteAsync("book", "yet.csv", torn, Stop));
        Assert.Equal(0, (await PartAsync("0123456789", 5, 5)).BytesReceived);
        Assert.NotNull((await PartAsync("0123456789", 0, 5)).File);
        Assert.Equal("0123456789", Read("book", "yet.csv"));
    }

    [Fact]
    public async Task A_file_that_is_removed_is_gone()
    {
        await WriteAsync("book", "elts/a", "x");
        await WriteAsync("book", "elts/b", "");
        Assert.Equal(("", 0L), (Read("book", "elts/b"), (await Uploads.FindAsync("book", "elts/b", Stop))!.Bytes));
        Assert.True(await Uploads.DeleteAsync("book", "elts/a", Stop));
        Assert.False(await Uploads.DeleteAsync("book", "elts/a", Stop));
        Assert.Null(await Uploads.FindAsync("book", "elts/a", Stop));
        Assert.Equal(["elts/b"], (await ListAsync("book")).Select(file => file.Path));
    }

    [Fact]
    public async Task Files_are_read_as_they_are_and_have_a_fingerprint_that_changes_with_them()
    {
        await WriteAsync("book", "elts/a", "one");
        IPortfolioFiles files = Uploads.FilesOf("book");
        FileStamp first = files.Stamp("elts/a")!.Value;
        Assert.Equal((3L, true, false), (first.Bytes, files.Exists("elts/a"), files.Exists("elts")));
        Assert.Null(files.Stamp("elts/b"));
        Assert.Throws<BadInputException>(() => files.OpenRead("elts/b").Dispose());
        Assert.Equal(first, Uploads.FilesOf("book").Stamp("elts/a"));
        await WriteAsync("book", "elts/a", "two");
        Assert.NotEqual(first, Uploads.FilesOf("book").Stamp("elts/a"));
    }

    protected abstract Task<IUploadArea> OpenAsync();

    protected static string Sha256(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    protected static UploadContent Content(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        return new UploadContent(new MemoryStream(bytes), 0, bytes.Length, bytes.Length, null, null);
    }

    protected static UploadContent Part(string whole, int first, int length) => Content(whole.Substring(first, length)) with { First = first, Total = whole.Length, Sha256 = Sha256(whole) };

    protected Task<UploadOutcome> WriteAsync(string portfolio, string path, string text) => Uploads.WriteAsync(portfolio, path, Content(text), Stop);

    protected Task<UploadOutcome> PartAsync(string whole, int first, int length) => Uploads.WriteAsync("book", "yet.csv", Part(whole, first, length), Stop);

    protected string Read(string portfolio, string path)
    {
        using var reader = new StreamReader(Uploads.FilesOf(portfolio).OpenRead(path));
        return reader.ReadToEnd();
    }

    protected async Task<List<UploadedFile>> ListAsync(string portfolio)
    {
        var files = new List<UploadedFile>();
        await foreach (UploadedFile file in Uploads.ListAsync(portfolio, Stop))
        {
            files.Add(file);
        }

        return files;
    }
}
