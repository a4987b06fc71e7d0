using RiskDurable.Embedded.Hosting;
using RiskDurable.Embedded.Worker;

namespace RiskDurable.Embedded.Tests.Surface;

/// <summary>What compiles for this host compiles for the real one: the public surface is a subset of the real packages'.</summary>
public sealed class SurfaceTests
{
    /// <summary>This host's own types. Everything else public must be in a listing.</summary>
    private static readonly HashSet<Type> OwnTypes = [typeof(EmbeddedHost), typeof(EmbeddedHostOptions), typeof(EmbeddedTelemetry), typeof(HostStartupException), typeof(IQueueSender)];

    private static readonly (string Ours, string Real)[] Namespaces =
    [
        ("RiskDurable.Embedded.Worker", "Microsoft.Azure.Functions.Worker"),
        ("RiskDurable.Embedded.DurableTask", "Microsoft.DurableTask"),
        ("RiskDurable.Embedded.Hosting", "Microsoft.Extensions.Hosting"),
    ];

    private static IEnumerable<Type> MirroredTypes => typeof(FunctionContext).Assembly.GetExportedTypes().Where(type => !OwnTypes.Contains(type));

    public static TheoryData<string> MirroredTypeNames => [.. MirroredTypes.Select(type => type.FullName!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(MirroredTypeNames))]
    public void Every_public_member_is_one_of_the_real_type(string name)
    {
        Type type = MirroredTypes.Single(type => type.FullName == name);
        Assert.True(Listing.All.TryGetValue(RealName(name), out ListedType? real), $"{RealName(name)} is in no listing.");
        string[] differences = [.. SurfaceComparison.Differences(type, real)];
        Assert.True(differences.Length == 0, string.Join("\n", differences));
    }

    [Fact]
    public void The_check_sees_each_kind_of_difference()
    {
        ListedType real = Listing.All["Microsoft.Azure.Functions.Worker.FunctionParameter"];
        string[] differences = [.. SurfaceComparison.Differences(typeof(WronglyMirrored), real).Select(text => text.Split(": ", 2)[1])];
        Assert.Equal(
            [
                "new(string name, Type kind)",
                "Type? Type { get; }",
                "bool HasDefaultValue { get; set; }",
                "object DefaultValue { get; }",
                "IReadOnlyDictionary<string, object?> Properties { get; }",
                "FunctionContext? Context { get; }",
            ],
            differences);
    }

    [Fact]
    public void The_check_sees_a_wrong_kind_value_and_delegate()
    {
        Assert.Contains("is a sealed class", Differences(typeof(SurfaceTests), "Microsoft.Azure.Functions.Worker.TimerInfo"), StringComparison.Ordinal);
        Assert.Contains("Entity=2", Differences(typeof(Functions.TriggerKind), "Microsoft.Azure.Functions.Worker.AuthorizationLevel"), StringComparison.Ordinal);
        Assert.Contains("int ()", Differences(typeof(Func<int>), "Microsoft.Azure.Functions.Worker.Middleware.FunctionExecutionDelegate"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_listings_hold_the_whole_model() => Assert.True(Listing.All.Count > 150, $"{Listing.All.Count} types");

    private static string Differences(Type type, string real) => string.Join("\n", SurfaceComparison.Differences(type, Listing.All[real]));

    private static string RealName(string name)
    {
        (string ours, string real) = Namespaces.Single(pair => name.StartsWith(pair.Ours + ".", StringComparison.Ordinal));
        return real + name[ours.Length..];
    }
}
