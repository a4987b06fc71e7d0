using RiskDurable.Functions.Rollup;

namespace RiskDurable.Functions.Tests.Rollup;

public sealed class JobRangesTests
{
    [Theory]
    [InlineData("")]
    [InlineData("0", 0)]
    [InlineData("7", 7)]
    [InlineData("0-1", 0, 1)]
    [InlineData("0-2,4,6-7", 0, 1, 2, 4, 6, 7)]
    [InlineData("99,101", 99, 101)]
    public void Numbers_are_written_short_and_read_back(string text, params int[] jobs)
    {
        Assert.Equal(text, JobRanges.Format(jobs));
        Assert.Equal(jobs, JobRanges.Parse(text));
        Assert.Equal(jobs.Length, JobRanges.Count(text));
    }

    [Fact]
    public void Any_set_of_numbers_reads_back()
    {
        int seed = Random.Shared.Next();
        var random = new Random(seed);
        for (int i = 0; i < 200; i++)
        {
            int[] jobs = [.. Enumerable.Range(0, random.Next(200)).Where(_ => random.Next(3) > 0)];
            Assert.True(jobs.SequenceEqual(JobRanges.Parse(JobRanges.Format(jobs))), $"seed {seed}, set {i}");
        }
    }
}
