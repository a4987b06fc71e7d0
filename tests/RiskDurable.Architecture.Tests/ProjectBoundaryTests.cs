using System.Reflection;

namespace RiskDurable.Architecture.Tests;

/// <summary>Kernel &lt;- Portfolio &lt;- Execution &lt;- {Azure, Functions, Worker} &lt;- Cli; Embedded knows none of them.</summary>
public sealed class ProjectBoundaryTests
{
    private static readonly Dictionary<string, string[]> MayReference = new()
    {
        ["RiskDurable.Kernel"] = [],
        ["RiskDurable.Portfolio"] = ["RiskDurable.Kernel"],
        ["RiskDurable.Execution"] = ["RiskDurable.Kernel", "RiskDurable.Portfolio"],
        ["RiskDurable.Embedded"] = [],
        ["RiskDurable.Azure"] = ["RiskDurable.Kernel", "RiskDurable.Portfolio", "RiskDurable.Execution"],
        ["RiskDurable.Functions"] = ["RiskDurable.Kernel", "RiskDurable.Portfolio", "RiskDurable.Execution", "RiskDurable.Azure", "RiskDurable.Embedded"],
        ["RiskDurable.Worker"] = ["RiskDurable.Kernel", "RiskDurable.Portfolio", "RiskDurable.Execution", "RiskDurable.Azure"],
        ["RiskDurable.Cli"] =
        [
            "RiskDurable.Kernel", "RiskDurable.Portfolio", "RiskDurable.Execution", "RiskDurable.Azure", "RiskDurable.Functions",
            "RiskDurable.Worker", "RiskDurable.Embedded",
        ],
        ["RiskDurable.Dashboard"] = [],
    };

    public static TheoryData<string> Projects => [.. Repository.SourceProjects.Select(path => Path.GetFileNameWithoutExtension(path)!)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_references_only_what_lies_below_it(string project)
    {
        Assert.True(MayReference.TryGetValue(project, out string[]? allowed), $"{project} is not in the house's plan: add it to docs and to this test.");
        string path = Repository.SourceProjects.Single(file => Path.GetFileNameWithoutExtension(file) == project);
        Assert.Empty(Repository.ProjectReferences(path).Except(allowed));
    }

    [Fact]
    public void The_kernel_needs_no_package_no_file_and_no_network()
    {
        string path = Repository.SourceProjects.Single(file => file.EndsWith("RiskDurable.Kernel.csproj", StringComparison.Ordinal));
        Assert.Empty(Repository.PackageReferences(path));

        string[] used = [.. Assembly.Load("RiskDurable.Kernel").GetReferencedAssemblies().Select(name => name.Name!)];
        Assert.Contains("System.Runtime", used);
        Assert.DoesNotContain(used, name => name.StartsWith("System.IO", StringComparison.Ordinal)
            || name.StartsWith("System.Net", StringComparison.Ordinal)
            || name.StartsWith("Microsoft.Extensions", StringComparison.Ordinal)
            || name == "System.Text.Json");
    }

    [Theory]
    [InlineData("RiskDurable.Kernel")]
    [InlineData("RiskDurable.Portfolio")]
    [InlineData("RiskDurable.Execution")]
    public void The_model_knows_neither_Azure_nor_a_host(string project)
    {
        string path = Repository.SourceProjects.Single(file => Path.GetFileNameWithoutExtension(file) == project);
        Assert.DoesNotContain(Repository.PackageReferences(path), name =>
            name.StartsWith("Azure.", StringComparison.Ordinal) || name.StartsWith("Microsoft.Azure", StringComparison.Ordinal));
    }
}
