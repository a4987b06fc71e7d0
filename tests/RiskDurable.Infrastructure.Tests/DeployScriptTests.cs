using System.IO.Compression;

namespace RiskDurable.Infrastructure.Tests;

public sealed class DeployScriptTests : IDisposable
{
    private readonly FakeCloud _cloud = new();

    public DeployScriptTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "The scripts are for bash.");

    public void Dispose() => _cloud.Dispose();

    [Fact]
    public async Task What_if_comes_before_the_deployment_and_the_build_goes_to_both_apps()
    {
        ProcessRun run = await _cloud.WithApps().RunAsync("deploy.sh", "y\n", "-g", "group", "-e", "demo", "--", "monthlyBudget=500");
        Assert.True(run.ExitCode == 0, run.Error + run.Output);

        string[] calls = _cloud.Calls;
        int build = IndexOf(calls, "dotnet publish"), whatIf = IndexOf(calls, "deployment group what-if"), create = IndexOf(calls, "deployment group create");
        int rollup = IndexOf(calls, "config-zip --resource-group group --name risk-rollup"), deals = IndexOf(calls, "config-zip --resource-group group --name risk-deals");
        Assert.Equal([whatIf, create, build, rollup, deals], new[] { whatIf, create, build, rollup, deals }.Order());
        Assert.Contains("-p:FunctionsHost=Azure -p:DurableBackend=Storage", calls[build], StringComparison.Ordinal);
        string inputs = "--resource-group group --parameters infra-bicep/small.bicepparam --parameters environmentName=demo --parameters monthlyBudget=500 --parameters budgetStart=2026-01-01";
        Assert.Contains(inputs, calls[whatIf], StringComparison.Ordinal);
        Assert.Contains(inputs, calls[create], StringComparison.Ordinal);
        Assert.All(calls.Where(call => call.StartsWith("az ", StringComparison.Ordinal) && !call.StartsWith("az account show", StringComparison.Ordinal) && !call.Contains("--skip-authorization-header", StringComparison.Ordinal)),
            call => Assert.EndsWith("--subscription the-id", call, StringComparison.Ordinal));

        Assert.Contains("https://rollup.example", run.Output, StringComparison.Ordinal);
        Assert.Contains("https://deals.example", run.Output, StringComparison.Ordinal);
        Assert.Contains("--account-name riskstore --destination portfolios", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(calls, call => call.Contains("keys list", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Apps_on_the_scheduler_get_the_build_for_it()
    {
        ProcessRun run = await _cloud.WithApps().Answers("*deployment group show*hub.value*", "flex\\ndurableTaskScheduler\\npackages\\n")
            .RunAsync("deploy.sh", "", "-g", "group", "--yes");
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("-p:DurableBackend=Scheduler", _cloud.Calls[IndexOf(_cloud.Calls, "dotnet publish")], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_says_no_deploys_nothing()
    {
        ProcessRun run = await _cloud.WithApps().RunAsync("deploy.sh", "n\n", "-g", "group");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("Not deployed.", run.Output, StringComparison.Ordinal);
        Assert.Contains(_cloud.Calls, call => call.Contains("what-if", StringComparison.Ordinal));
        Assert.DoesNotContain(_cloud.Calls, Changes);
    }

    [Fact]
    public async Task Without_an_answer_nothing_is_deployed()
    {
        Assert.Equal(1, (await _cloud.WithApps().RunAsync("deploy.sh", "", "-g", "group")).ExitCode);
        Assert.DoesNotContain(_cloud.Calls, Changes);
    }

    [Theory]
    [InlineData("az account show*", "az login")]
    [InlineData("*deployment group what-if*", "nothing was deployed")]
    [InlineData("*deployment group create*", "the infrastructure could not be deployed")]
    [InlineData("*config-zip*", "the build was not deployed to 'risk-rollup'")]
    public async Task An_error_ends_it_with_what_to_do(string call, string message)
    {
        ProcessRun run = await _cloud.WithApps().Answers(call, "!broken").RunAsync("deploy.sh", "", "-g", "group", "--yes");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.Contains("ERROR: broken", run.Error, StringComparison.Ordinal);
        Assert.Contains("broken", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("== deployed", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_group_needs_a_region_and_is_asked_for()
    {
        ProcessRun refused = await _cloud.WithApps().Answers("az group exists*", "false\\n").RunAsync("deploy.sh", "", "-g", "group", "--yes");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("--location", refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(_cloud.Calls, Changes);

        ProcessRun declined = await _cloud.RunAsync("deploy.sh", "n\n", "-g", "group", "-l", "westeurope");
        Assert.Equal(1, declined.ExitCode);
        Assert.DoesNotContain(_cloud.Calls, Changes);

        ProcessRun run = await _cloud.RunAsync("deploy.sh", "y\ny\n", "-g", "group", "-l", "westeurope", "--infrastructure-only");
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("az group create --name group --location westeurope --output none --subscription the-id", _cloud.Calls);
        Assert.DoesNotContain(_cloud.Calls, call => call.Contains("config-zip", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_premium_app_keeps_its_package_until_the_new_one_is_there()
    {
        ProcessRun run = await _cloud.WithApps("premium").RunAsync("deploy.sh", "", "-g", "group", "--yes");
        Assert.True(run.ExitCode == 0, run.Error + run.Output);
        string[] calls = _cloud.Calls;
        Assert.Contains("--parameters packageName=riskdurable-before.zip", calls[IndexOf(calls, "deployment group create")], StringComparison.Ordinal);
        int upload = IndexOf(calls, "storage blob upload --account-name riskro --container-name packages"), set = IndexOf(calls, "appsettings set"), sync = IndexOf(calls, "syncfunctiontriggers");
        Assert.True(upload < set && set < sync);
        Assert.Single(calls.Where(call => call.Contains("appsettings set", StringComparison.Ordinal)).Select(call => call.Split("--settings ")[1]).Distinct());
        Assert.Contains("--auth-mode login", calls[upload], StringComparison.Ordinal);
        Assert.Contains("WEBSITE_RUN_FROM_PACKAGE=https://host.blob.example/packages/riskdurable-2", calls[set], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_package_from_before_is_deployed_without_a_build()
    {
        string package = Path.Combine(Directory.CreateTempSubdirectory("riskdurable-package-").FullName, "before.zip");
        await using (ZipArchive zip = await ZipFile.OpenAsync(package, ZipArchiveMode.Create, TestContext.Current.CancellationToken))
        {
            zip.CreateEntry("host.json");
        }

        ProcessRun run = await _cloud.WithApps().RunAsync("deploy.sh", "", "-g", "group", "--yes", "--package", package);
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.DoesNotContain(_cloud.Calls, call => call.StartsWith("dotnet publish", StringComparison.Ordinal));
        Assert.Equal(2, _cloud.Calls.Count(call => call.Contains($"config-zip", StringComparison.Ordinal) && call.Contains($"--src {package}", StringComparison.Ordinal)));
        Directory.Delete(Path.GetDirectoryName(package)!, recursive: true);
    }

    [Theory]
    [InlineData("--resource-group is missing")]
    [InlineData("'--what' is no option", "-g", "group", "--what")]
    [InlineData("-g needs a value", "-g")]
    [InlineData("'budget 5' is no parameter", "-g", "group", "--", "budget 5")]
    public async Task Wrong_options_are_named(string message, params string[] arguments)
    {
        ProcessRun run = await _cloud.RunAsync("deploy.sh", "", arguments);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.Empty(_cloud.Calls);
    }

    private static bool Changes(string call) =>
        new[] { "group create", "config-zip", "appsettings set", "blob upload", "group delete" }.Any(verb => call.Contains(verb, StringComparison.Ordinal));

    private static int IndexOf(string[] calls, string part)
    {
        int index = Array.FindIndex(calls, call => call.Contains(part, StringComparison.Ordinal));
        Assert.True(index >= 0, $"no call of '{part}' among:\n{string.Join('\n', calls)}");
        return index;
    }
}
