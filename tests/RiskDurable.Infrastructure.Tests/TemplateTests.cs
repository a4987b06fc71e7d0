using System.Globalization;
using System.Text.Json;

namespace RiskDurable.Infrastructure.Tests;

public sealed class TemplateTests(Deployments deployments)
{
    public static TheoryData<string> Names => ["small", "production", "premium"];

    [Theory]
    [MemberData(nameof(Names))]
    public void No_storage_account_takes_keys_or_old_TLS_or_shows_a_blob_to_everybody(string name)
    {
        JsonElement[] accounts = deployments.All[name].Of("Microsoft.Storage/storageAccounts");
        Assert.True(accounts.Length >= 3);
        Assert.All(accounts, account =>
        {
            JsonElement properties = account.GetProperty("properties");
            Assert.False(properties.GetProperty("allowSharedKeyAccess").GetBoolean());
            Assert.False(properties.GetProperty("allowBlobPublicAccess").GetBoolean());
            Assert.True(properties.GetProperty("supportsHttpsTrafficOnly").GetBoolean());
            Assert.Equal("TLS1_2", properties.GetProperty("minimumTlsVersion").GetString());
        });
        string text = deployments.All[name].Text;
        Assert.DoesNotContain("listKeys", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("AccountKey", text, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("production")]
    [InlineData("premium")]
    public void With_a_network_storage_and_scheduler_have_no_public_endpoint(string name)
    {
        Deployment deployment = deployments.All[name];
        JsonElement[] closed = [.. deployment.Of("Microsoft.Storage/storageAccounts"), .. deployment.Of("Microsoft.DurableTask/schedulers")];
        Assert.All(closed, item => Assert.Equal("Disabled", item.GetProperty("properties").GetProperty("publicNetworkAccess").GetString()));

        // Every closed account has an endpoint for its blobs; those with a task hub for queues and tables, too.
        string[] groups =
        [
            .. deployment.Of("Microsoft.Network/privateEndpoints").Select(endpoint =>
                endpoint.GetProperty("properties").GetProperty("privateLinkServiceConnections")[0].GetProperty("properties").GetProperty("groupIds")[0].GetString()!),
        ];
        int hubs = name == "premium" ? 2 : 0;
        Assert.Equal(deployment.Of("Microsoft.Storage/storageAccounts").Length, groups.Count(group => group == "blob"));
        Assert.Equal(hubs, groups.Count(group => group == "queue"));
        Assert.Equal(hubs, groups.Count(group => group == "table"));
        Assert.Equal(deployment.Of("Microsoft.DurableTask/schedulers").Length, groups.Count(group => group == "scheduler"));
        Assert.All(deployment.Of("Microsoft.Web/sites"), app =>
            Assert.Contains("/subnets/", app.GetProperty("properties").GetProperty("virtualNetworkSubnetId").GetString(), StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_store_deletes_unread_objects_later_than_the_cache_forgets_them_and_nothing_else(string name)
    {
        Deployment deployment = deployments.All[name];
        var cap = TimeSpan.Parse(deployment.Settings["rollup"]["Risk__CacheCap"], CultureInfo.InvariantCulture);
        JsonElement[] policies = deployment.Of("Microsoft.Storage/storageAccounts/managementPolicies");
        Assert.NotEmpty(policies);
        Assert.All(policies, policy =>
        {
            JsonElement definition = Assert.Single(policy.GetProperty("properties").GetProperty("policy").GetProperty("rules").EnumerateArray().ToArray()).GetProperty("definition");
            int days = definition.GetProperty("actions").GetProperty("baseBlob").GetProperty("delete").GetProperty("daysAfterLastAccessTimeGreaterThan").GetInt32();
            Assert.True(days > cap.TotalDays, $"{days} days against a cap of {cap}");
            Assert.Equal("objects/", Assert.Single(definition.GetProperty("filters").GetProperty("prefixMatch").EnumerateArray().ToArray()).GetString());
        });
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_role_says_what_it_is_for_and_none_is_wider_than_the_group(string name)
    {
        JsonElement[] assignments = deployments.All[name].Of("Microsoft.Authorization/roleAssignments");
        Assert.NotEmpty(assignments);
        Assert.All(assignments, assignment =>
        {
            Assert.True(assignment.GetProperty("properties").GetProperty("description").GetString()!.Length > 10);
            Assert.Contains("/resourceGroups/group/providers/", assignment.GetProperty("id").GetString(), StringComparison.Ordinal);
        });
    }

    [Fact]
    public void A_premium_app_runs_from_a_package_that_its_identity_reads()
    {
        Deployment premium = deployments.All["premium"];
        Assert.All(premium.Of("Microsoft.Web/serverfarms"), plan => Assert.Equal("ElasticPremium", plan.GetProperty("sku").GetProperty("tier").GetString()));
        Assert.All(premium.Settings.Values, app => Assert.Contains("userAssignedIdentities", app["WEBSITE_RUN_FROM_PACKAGE_BLOB_MI_RESOURCE_ID"], StringComparison.Ordinal));
        Assert.All(premium.Of("Microsoft.Web/sites"), app =>
            Assert.Equal("DOTNET-ISOLATED|10.0", app.GetProperty("properties").GetProperty("siteConfig").GetProperty("linuxFxVersion").GetString()));
    }

    [Theory]
    [InlineData("small")]
    [InlineData("production")]
    public void A_flex_app_runs_the_isolated_worker_on_a_plan_of_its_own(string name)
    {
        Deployment flex = deployments.All[name];
        Assert.Equal(2, flex.Of("Microsoft.Web/serverfarms").Count(plan => plan.GetProperty("sku").GetProperty("name").GetString() == "FC1"));
        Assert.All(flex.Of("Microsoft.Web/sites"), app =>
        {
            JsonElement runtime = app.GetProperty("properties").GetProperty("functionAppConfig").GetProperty("runtime");
            Assert.Equal("dotnet-isolated", runtime.GetProperty("name").GetString());
            Assert.Equal("10.0", runtime.GetProperty("version").GetString());
        });
    }

    [Fact]
    public void Every_module_is_part_of_the_deployment()
    {
        string[] files = Directory.GetFiles(Repository.Path("infra-bicep"), "*.bicep", SearchOption.AllDirectories);
        string all = string.Concat(files.Select(File.ReadAllText));
        Assert.DoesNotContain(
            files.Select(file => Path.GetFileName(file)), file => file != "main.bicep" && !all.Contains($"{file}'", StringComparison.Ordinal));
    }
}
