using System.Globalization;
using System.Reflection;
using RiskDurable.Functions.Hosting;
using RiskDurable.Functions.Rollup;

namespace RiskDurable.Infrastructure.Tests;

public sealed class AppSettingsTests(Deployments deployments)
{
    private const string QueuePolling = "AzureFunctionsJobHost__extensions__durableTask__storageProvider__maxQueuePollingInterval";

    // Settings that the host, its extensions or Azure.Identity read.
    private static readonly HashSet<string> HostSettings =
    [
        "APPLICATIONINSIGHTS_AUTHENTICATION_STRING", "APPLICATIONINSIGHTS_CONNECTION_STRING", "AZURE_CLIENT_ID",
        "AzureFunctionsJobHost__extensions__durableTask__maxConcurrentActivityFunctions", QueuePolling,
        "AzureWebJobsStorage__accountName", "AzureWebJobsStorage__clientId", "AzureWebJobsStorage__credential",
        "DURABLE_TASK_SCHEDULER_CONNECTION_STRING", "TASKHUB_NAME",
        "FUNCTIONS_EXTENSION_VERSION", "FUNCTIONS_WORKER_RUNTIME", "WEBSITE_RUN_FROM_PACKAGE_BLOB_MI_RESOURCE_ID",
    ];

    // https://learn.microsoft.com/azure/azure-functions/functions-app-settings#flex-consumption-plan-deprecations
    private static readonly string[] NotOnFlex =
    [
        "ENABLE_ORYX_BUILD", "FUNCTIONS_EXTENSION_VERSION", "FUNCTIONS_WORKER_RUNTIME", "SCM_DO_BUILD_DURING_DEPLOYMENT", "WEBSITE_", "TZ",
    ];

    private static string[] Functions { get; } =
    [
        .. typeof(RiskOptions).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Select(method => method.GetCustomAttributesData().FirstOrDefault(attribute => attribute.AttributeType.Name == "FunctionAttribute"))
            .OfType<CustomAttributeData>()
            .Select(attribute => (string)attribute.ConstructorArguments[0].Value!)
            .Order(StringComparer.Ordinal),
    ];

    // The description of the API, and what cleans up in each app's own task hub.
    private static readonly string[] OfBothApps = ["GetOpenApi", "PurgeRuns"];

    private static string[] RiskSettings => [.. typeof(RiskOptions).GetProperties().Select(property => $"Risk__{property.Name}")];

    [Fact]
    public void Every_function_runs_in_one_app_but_the_few_that_both_need()
    {
        Assert.NotEmpty(Functions);
        Dictionary<string, Dictionary<string, string>> settings = deployments.All["small"].Settings;
        Assert.Equal(["deals", "rollup"], settings.Keys.Order(StringComparer.Ordinal));
        string[] wrong =
        [
            .. Functions
                .Select(function => (function, apps: settings.Keys.Where(app => !settings[app].ContainsKey($"AzureWebJobs.{function}.Disabled")).ToArray()))
                .Where(item => item.apps.Length != (OfBothApps.Contains(item.function) ? 2 : 1))
                .Select(item => $"{item.function} runs in {item.apps.Length} apps: name it in one of the lists of infra-bicep/modules/functions.bicep"),
        ];
        Assert.Empty(wrong);
    }

    [Fact]
    public void Every_disabled_function_exists()
    {
        IEnumerable<string> disabled = deployments.All["small"].Settings.Values
            .SelectMany(settings => settings.Keys)
            .Where(name => name.EndsWith(".Disabled", StringComparison.Ordinal))
            .Select(name => name.Split('.')[1]);
        Assert.Empty(disabled.Except(Functions));
    }

    [Theory]
    [InlineData("small")]
    [InlineData("production")]
    [InlineData("premium")]
    public void Every_setting_is_one_that_the_host_or_the_application_reads(string name)
    {
        string[] known = [.. HostSettings, .. RiskSettings, NightlyRollup.ScheduleSetting, NightlyRollup.PortfolioSetting];
        foreach (Dictionary<string, string> settings in deployments.All[name].Settings.Values)
        {
            Assert.Empty(settings.Keys.Where(setting => !setting.EndsWith(".Disabled", StringComparison.Ordinal)).Except(known));
        }
    }

    [Theory]
    [InlineData("small", "rollup", 80)]
    [InlineData("small", "deals", 40)]
    [InlineData("production", "rollup", 200)]
    [InlineData("premium", "rollup", 80)]
    public void A_run_is_expected_to_take_what_it_takes_on_all_cores_that_the_app_grows_to(string deployment, string app, int cores) =>
        Assert.Equal(cores.ToString(CultureInfo.InvariantCulture), deployments.All[deployment].Settings[app]["Risk__Cores"]);

    [Fact]
    public void Every_option_of_the_application_is_documented()
    {
        string documents = string.Concat(Directory.EnumerateFiles(Repository.Path("docs"), "*.md").Select(File.ReadAllText));
        Assert.All(RiskSettings, setting => Assert.True(
            documents.Contains(setting, StringComparison.Ordinal) || documents.Contains(setting.Replace("__", ":", StringComparison.Ordinal), StringComparison.Ordinal),
            $"docs/*.md say nothing of {setting}."));
    }

    [Theory]
    [InlineData("small")]
    [InlineData("production")]
    public void A_flex_app_has_no_setting_that_its_plan_refuses(string name)
    {
        foreach (Dictionary<string, string> settings in deployments.All[name].Settings.Values)
        {
            Assert.DoesNotContain(settings.Keys, setting => NotOnFlex.Any(refused => setting.StartsWith(refused, StringComparison.Ordinal)));
        }
    }

    [Fact]
    public void On_the_scheduler_each_app_has_a_task_hub_of_its_own()
    {
        Dictionary<string, Dictionary<string, string>> settings = deployments.All["production"].Settings;
        Assert.Equal("rollup", settings["rollup"]["TASKHUB_NAME"]);
        Assert.Equal("deals", settings["deals"]["TASKHUB_NAME"]);
        Assert.All(settings.Values, app => Assert.Contains("Authentication=ManagedIdentity", app["DURABLE_TASK_SCHEDULER_CONNECTION_STRING"], StringComparison.Ordinal));
    }

    [Fact]
    public void In_Azure_Storage_each_app_has_a_task_hub_in_an_account_of_its_own()
    {
        Dictionary<string, Dictionary<string, string>> settings = deployments.All["small"].Settings;
        Assert.NotEqual(settings["rollup"]["AzureWebJobsStorage__accountName"], settings["deals"]["AzureWebJobsStorage__accountName"]);
        Assert.All(settings.Values, app => Assert.DoesNotContain("TASKHUB_NAME", app.Keys));
    }

    [Theory]
    [InlineData("small", "deals", "00:00:00.2")]
    [InlineData("small", "rollup", "00:00:01")]
    [InlineData("premium", "deals", "00:00:00.2")]
    public void The_queues_of_the_deals_app_are_looked_into_more_often(string deployment, string app, string interval) =>
        Assert.Equal(interval, deployments.All[deployment].Settings[app][QueuePolling]);

    [Fact]
    public void The_scheduler_has_no_queues_to_look_into() =>
        Assert.All(deployments.All["production"].Settings.Values, app => Assert.DoesNotContain(QueuePolling, app.Keys));
}
