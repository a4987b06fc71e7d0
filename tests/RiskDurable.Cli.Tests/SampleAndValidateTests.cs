using System.Text.Json;

namespace RiskDurable.Cli.Tests;

public sealed class SampleAndValidateTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("riskdurable-cli-").FullName;

    private string Folder => Path.Combine(_root, "book");

    [Theory]
    [InlineData("csv")]
    [InlineData("parquet")]
    public async Task A_sample_is_valid(string format)
    {
        RiskCall sample = await Sample("--format", format);
        Assert.True(sample.ExitCode == ExitCode.Done, sample.Error);
        Assert.Contains("9 deals and 50 years", sample.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(Folder, "yet." + format)));

        RiskCall validate = await RiskCall.Run("validate", Folder);
        Assert.True(validate.ExitCode == ExitCode.Done, validate.Error);
        Assert.StartsWith("sample-9-1 is valid: 9 deals,", validate.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_json_the_output_is_one_document()
    {
        RiskCall sample = await Sample("--json", "--seed", "7");
        using JsonDocument written = JsonDocument.Parse(sample.Output);
        Assert.Equal(7, written.RootElement.GetProperty("seed").GetInt64());

        RiskCall validate = await RiskCall.Run("validate", Folder, "--json");
        using JsonDocument valid = JsonDocument.Parse(validate.Output);
        Assert.Equal("valid", valid.RootElement.GetProperty("status").GetString());
        Assert.Equal(50, valid.RootElement.GetProperty("trials").GetInt32());
    }

    [Fact]
    public async Task Everything_wrong_with_the_tables_is_listed_in_one_answer()
    {
        await Sample("--format", "csv");
        await File.AppendAllTextAsync(Path.Combine(Folder, "yet.csv"), "51,1,1\n", TestContext.Current.CancellationToken);
        await File.AppendAllTextAsync(Path.Combine(Folder, "elts", "E00001.csv"), "1,-1\n", TestContext.Current.CancellationToken);
        RiskCall validate = await RiskCall.Run("validate", Folder);
        Assert.Equal((2, ""), (validate.ExitCode, validate.Output));
        string[] lines = validate.Error.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, lines.Length);
        Assert.StartsWith("elts/E00001.csv: line ", lines[0], StringComparison.Ordinal);
        Assert.Contains("'trial' is 51, outside 1..50", lines[1], StringComparison.Ordinal);
        Assert.Equal("2 problems; nothing was run.", lines[2]);

        using JsonDocument refusal = JsonDocument.Parse((await RiskCall.Run("validate", Folder, "--json")).Output);
        Assert.Equal("bad-input", refusal.RootElement.GetProperty("status").GetString());
        Assert.Equal("yet.csv", refusal.RootElement.GetProperty("problems")[1].GetProperty("file").GetString());
    }

    [Fact]
    public async Task A_folder_that_holds_something_is_left_alone()
    {
        await Sample();
        RiskCall again = await Sample();
        Assert.Equal(2, again.ExitCode);
        Assert.Contains("--overwrite", again.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await Sample("--overwrite")).ExitCode);
    }

    [Theory]
    [InlineData]
    [InlineData("sample")]
    [InlineData("sampel", "x")]
    [InlineData("sample", "x", "--deals", "many")]
    [InlineData("sample", "x", "--deals", "0")]
    [InlineData("sample", "x", "--format", "xlsx")]
    [InlineData("validate", "no-such-folder")]
    public async Task A_wrong_call_ends_with_code_2_and_a_reason(params string[] args)
    {
        RiskCall call = await RiskCall.Run(args);
        Assert.Equal(2, call.ExitCode);
        Assert.NotEqual("", call.Error.Trim());
        Assert.DoesNotContain("   at ", call.Error + call.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interrupted_command_ends_with_code_130_and_leaves_nothing()
    {
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();
        RiskCall call = await RiskCall.Run(stop.Token, "sample", Folder);
        Assert.Equal((130, "Interrupted."), (call.ExitCode, call.Error.Trim()));
        Assert.Empty(Directory.GetFileSystemEntries(_root));
    }

    [Fact]
    public async Task A_place_that_cannot_be_written_ends_with_code_1()
    {
        await File.WriteAllTextAsync(Folder, "", TestContext.Current.CancellationToken);
        RiskCall call = await RiskCall.Run("sample", Path.Combine(Folder, "below-a-file"));
        Assert.Equal(1, call.ExitCode);
        Assert.NotEqual("", call.Error.Trim());
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("sample", "--help")]
    public async Task Help_goes_to_the_output(params string[] args)
    {
        RiskCall call = await RiskCall.Run(args);
        Assert.Equal((0, ""), (call.ExitCode, call.Error));
        Assert.Contains("Usage:", call.Output, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private Task<RiskCall> Sample(params string[] options) =>
        RiskCall.Run(["sample", Folder, "--deals", "9", "--trials", "50", "--events-per-trial", "5", .. options]);
}
