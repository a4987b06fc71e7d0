using Microsoft.Extensions.Configuration;
using RiskDurable.Embedded.Functions;
using RiskDurable.Embedded.Hosting;

namespace RiskDurable.Embedded.Tests.Worker;

/// <summary>What the real worker or host would refuse is refused at the start, with function, method and remedy.</summary>
public sealed class StartupErrorTests
{
    [Theory]
    [InlineData(typeof(UnsoundFunctions.NoTrigger), "no parameter has a trigger", "Give one parameter a trigger attribute")]
    [InlineData(typeof(UnsoundFunctions.TwoTriggers), "there are 2 triggers: [QueueTrigger] on 'text', [TimerTrigger] on 'timer'", "Keep one")]
    [InlineData(typeof(UnsoundFunctions.SameNameAsInherited), "has 2 public methods called 'RunAsync', inherited ones included", "Rename")]
    [InlineData(typeof(UnsoundFunctions.TwoBindings), "parameter 'text' has 2 bindings", "Keep one")]
    [InlineData(typeof(UnsoundFunctions.UnknownTrigger), "[Fax] is not a trigger of this host", "docs/embedded-host.md")]
    [InlineData(typeof(UnsoundFunctions.UnknownBinding), "'blob' (String): [BlobAttribute] is not a binding", "docs/embedded-host.md")]
    [InlineData(typeof(UnsoundFunctions.UnboundParameter), "parameter 'number' (Int32): it has no binding", "Remove it")]
    [InlineData(typeof(UnsoundFunctions.InjectedParameter), "does not inject services into parameters", "in the constructor")]
    [InlineData(typeof(UnsoundFunctions.KeyedParameter), "does not inject services into parameters", "in the constructor")]
    [InlineData(typeof(UnsoundFunctions.ClientWithoutBinding), "parameter 'client' (DurableTaskClient): it has no binding", "[DurableClient]")]
    [InlineData(typeof(UnsoundFunctions.ClientOfWrongType), "has [DurableClient] and type Object", "DurableTaskClient")]
    [InlineData(typeof(UnsoundFunctions.ClientOfOtherHub), "task hub 'elsewhere', but this host has 'hub'", "host.json")]
    [InlineData(typeof(UnsoundFunctions.SameName), "used by more than one function", "rename all but one")]
    [InlineData(typeof(UnsoundFunctions.SameActivity), "also called 'Shared' by its trigger", "its own name")]
    [InlineData(typeof(UnsoundFunctions.WrongName), "Function '9 lives'", "Use a letter")]
    [InlineData(typeof(UnsoundFunctions.AsyncVoid), "async void", "Return Task")]
    [InlineData(typeof(UnsoundFunctions.GenericMethod), "generic", "ordinary method")]
    [InlineData(typeof(UnsoundFunctions.AbstractType), "AbstractType is abstract", "Make the method static")]
    [InlineData(typeof(UnsoundFunctions.ByReference), "passed by reference", "by value")]
    [InlineData(typeof(UnsoundFunctions.OrchestrationOfWrongType), "has [OrchestrationTrigger] and type String", "TaskOrchestrationContext")]
    [InlineData(typeof(UnsoundFunctions.SecondOrchestrationInput), "parameter 'second' (Int32): it has no binding", "Remove it")]
    [InlineData(typeof(UnsoundFunctions.EntityOfWrongType), "has [EntityTrigger] and type String", "TaskEntityDispatcher")]
    [InlineData(typeof(UnsoundFunctions.TimerOfWrongType), "[TimerTrigger] stands on type String", "TimerInfo")]
    [InlineData(typeof(UnsoundFunctions.WrongSchedule), "the schedule is not valid: \"0 61 * * * *\"", "[TimerTrigger]")]
    [InlineData(typeof(UnsoundFunctions.MissingSetting), "'NoSuchSetting' that \"%NoSuchSetting%\" refers to is missing", "local.settings.json")]
    [InlineData(typeof(UnsoundFunctions.WrongQueue), "\"Upper_Case\" is no queue's name", "lower-case letters")]
    [InlineData(typeof(UnsoundFunctions.HttpPoco), "has [HttpTrigger] and type Uri", "HttpRequest")]
    [InlineData(typeof(UnsoundFunctions.HttpPlainResult), "it returns String", "IActionResult")]
    [InlineData(typeof(UnsoundFunctions.MvcFromBody), "ASP.NET Core MVC's [FromBody]", "worker's Http namespace")]
    [InlineData(typeof(UnsoundFunctions.HttpUnboundPoco), "'time' of type TimeProvider has no binding", "[FromBody]")]
    [InlineData(typeof(UnsoundFunctions.RenamedQuery), "asks for the value 'other'", "Rename the parameter to 'other'")]
    [InlineData(typeof(UnsoundFunctions.WrongRoute), "route \"api/a/{b\" is not valid", "Route in [HttpTrigger]")]
    [InlineData(typeof(UnsoundFunctions.WrongMethod), "\"get it\" is no HTTP method", "get, post")]
    [InlineData(typeof(UnsoundFunctions.SameRoute), "GET \"api/Same/{id}\" is also the route of 'FirstRoute'", "its own route")]
    public void The_problem_is_told_with_its_remedy(Type type, string problem, string remedy)
    {
        string told = Assert.Single(Problems(type));
        Assert.Contains(problem, told, StringComparison.Ordinal);
        Assert.Contains(remedy, told, StringComparison.Ordinal);
        Assert.Matches(@"^Function '[^']+' \(RiskDurable\.Embedded\.Tests\.Worker\.UnsoundFunctions\+\w+\.\w+", told);
    }

    [Fact]
    public void The_hosts_own_routes_are_reserved() =>
        Assert.Contains("conflicts with the host's own routes", Assert.Single(Problems(Settings() with { RoutePrefix = "" }, typeof(UnsoundFunctions.ReservedRoute))), StringComparison.Ordinal);

    [Fact]
    public void An_http_function_needs_the_web_integration()
    {
        string told = Assert.Single(Problems(Settings() with { HasWebApplication = false }, typeof(UnsoundFunctions.ReservedRoute)));
        Assert.Contains("ConfigureFunctionsWebApplication", told, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_problem_is_told_at_once()
    {
        Type[] types = typeof(UnsoundFunctions).GetNestedTypes().Where(type => type != typeof(UnsoundFunctions.ReservedRoute)).ToArray();
        Assert.Equal(types.Length, Problems(types).Count);
    }

    [Fact]
    public void The_message_holds_every_problem()
    {
        HostStartupException thrown = Assert.Throws<HostStartupException>(
            () => new FunctionDiscovery(Settings()).Read([typeof(UnsoundFunctions.NoTrigger), typeof(UnsoundFunctions.AsyncVoid)]));
        Assert.StartsWith("2 problems in the application's functions:", thrown.Message, StringComparison.Ordinal);
        Assert.All(thrown.Problems, problem => Assert.Contains(problem, thrown.ToString(), StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", thrown.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AzureWebJobs.WrongSchedule.Disabled", "true")]
    [InlineData("AzureWebJobs:wrongschedule:Disabled", "1")]
    public void A_disabled_function_is_neither_loaded_nor_asked_for_its_settings(string name, string value) =>
        Assert.Empty(new FunctionDiscovery(Settings((name, value))).Read([typeof(UnsoundFunctions.WrongSchedule)]));

    [Fact]
    public void Only_the_functions_that_host_json_names_are_loaded() =>
        Assert.Equal(
            ["Append"],
            new FunctionDiscovery(Settings() with { Only = ["append"] }).Read([typeof(SampleApp.Chaining)]).Select(function => function.Name));

    private static IReadOnlyList<string> Problems(params Type[] types) => Problems(Settings(), types);

    private static IReadOnlyList<string> Problems(DiscoverySettings settings, params Type[] types) =>
        Assert.Throws<HostStartupException>(() => new FunctionDiscovery(settings).Read(types)).Problems;

    private static DiscoverySettings Settings(params (string Name, string Value)[] settings) => new()
    {
        Settings = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value))).Build(),
        HubName = "hub",
        RoutePrefix = "api",
        HasWebApplication = true,
    };
}
