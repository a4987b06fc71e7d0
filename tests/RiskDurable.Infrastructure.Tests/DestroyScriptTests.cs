namespace RiskDurable.Infrastructure.Tests;

public sealed class DestroyScriptTests : IDisposable
{
    private readonly FakeCloud _cloud = new();

    public DestroyScriptTests()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The scripts are for bash.");
        _cloud.WithApps().Answers("*resource list*application=='riskdurable'*", "Microsoft.Web/sites\\trisk-rollup\\nMicrosoft.Storage/storageAccounts\\triskstore\\n");
    }

    public void Dispose() => _cloud.Dispose();

    [Fact]
    public async Task It_shows_what_goes_and_deletes_once_the_name_is_typed()
    {
        ProcessRun run = await _cloud.RunAsync("destroy.sh", "group\n", "-g", "group");
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("  Microsoft.Web/sites\trisk-rollup\n  Microsoft.Storage/storageAccounts\triskstore", run.Output, StringComparison.Ordinal);
        Assert.Contains("az group delete --name group --yes --subscription the-id", _cloud.Calls);
        Assert.Contains("What stays", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("y\n")]
    [InlineData("Group\n")]
    public async Task Anything_but_the_name_deletes_nothing(string answer)
    {
        ProcessRun run = await _cloud.RunAsync("destroy.sh", answer, "-g", "group");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("Nothing was deleted.", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(_cloud.Calls, call => call.Contains("group delete", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Resources_of_others_are_not_deleted_along()
    {
        _cloud.Answers("*resource list*application!='riskdurable'*", "Microsoft.Sql/servers\\tledger\\n");
        ProcessRun refused = await _cloud.RunAsync("destroy.sh", "group\n", "-g", "group");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("Microsoft.Sql/servers\tledger", refused.Output, StringComparison.Ordinal);
        Assert.Contains("--with-others", refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(_cloud.Calls, call => call.Contains("group delete", StringComparison.Ordinal));

        Assert.Equal(0, (await _cloud.RunAsync("destroy.sh", "group\n", "-g", "group", "--with-others")).ExitCode);
    }

    [Theory]
    [InlineData("az group exists*", "false\\n", "there is no resource group 'group'")]
    [InlineData("*resource list*", "", "holds nothing that eng/deploy.sh deployed")]
    [InlineData("*group delete*", "!locked", "was not deleted entirely")]
    public async Task What_cannot_be_is_said(string call, string answer, string message)
    {
        ProcessRun run = await _cloud.Answers(call, answer).RunAsync("destroy.sh", "group\n", "-g", "group");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("What stays", run.Output, StringComparison.Ordinal);
    }
}
