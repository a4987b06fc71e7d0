using System.Text.Json.Nodes;

namespace RiskDurable.Embedded.Tests.Worker;

/// <summary>The sample application run as its users run it.</summary>
public sealed class ProcessTests : IDisposable
{
    private readonly DisposableFolder _state = new();

    public void Dispose() => _state.Dispose();

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task A_signal_ends_it_with_exit_code_0_and_the_next_start_goes_on(string signal)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such signals.");
        using var http = new HttpClient();
        Uri status;
        await using (var first = new SampleProcess(_state.Path))
        {
            Uri address = await first.Address;
            JsonNode started = await SampleHost.ReadAsync(await http.PostAsync(new Uri(address, "api/jobs/Approval/kept?input=600000"), null, SampleHost.Patience));
            status = new Uri((string)started["statusQueryGetUri"]!);
            first.Signal(signal);
            Assert.True(await first.ExitAsync() == 0, first.Output);
        }

        await using var second = new SampleProcess(_state.Path);
        JsonNode kept = await SampleHost.ReadAsync(await http.GetAsync(new Uri(await second.Address, status.PathAndQuery), SampleHost.Patience));
        Assert.Equal("Running", (string?)kept["runtimeStatus"]);
    }

    [Fact]
    public async Task Values_of_local_settings_are_settings_and_environment_variables_unless_set_already()
    {
        using var http = new HttpClient();
        await using var plain = new SampleProcess(_state.Path);
        Assert.Equal("""{"setting":"Hello","variable":"Hello"}""", await http.GetStringAsync(new Uri(await plain.Address, "api/greeting"), SampleHost.Patience));

        using var other = new DisposableFolder();
        await using var overridden = new SampleProcess(other.Path, ("Sample__Greeting", "Moin"));
        Assert.Equal("""{"setting":"Moin","variable":"Moin"}""", await http.GetStringAsync(new Uri(await overridden.Address, "api/greeting"), SampleHost.Patience));
    }

    [Fact]
    public async Task A_startup_error_ends_it_with_the_problem_and_no_stack_trace()
    {
        await using var process = new SampleProcess(_state.Path, ("NightlySchedule", "at night"));
        Assert.NotEqual(0, await process.ExitAsync());
        Assert.Contains("Function 'Nightly' (RiskDurable.Embedded.SampleApp.Triggers.Nightly): the schedule is not valid", process.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", process.Output, StringComparison.Ordinal);
    }
}
