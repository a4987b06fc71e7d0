using CsCheck;

namespace RiskDurable.Kernel.Tests.Simulation;

public sealed class EventIntersectionTests
{
    private static readonly Gen<long[]> Ids = Gen.OneOf(
        Gen.Long[0, 50].Array[0, 40],
        Gen.Long[0, 5000].Array[0, 400],
        Gen.Long.Array[0, 10]).Select(ids => ids.Distinct().Order().ToArray());

    [Fact]
    public void Finds_exactly_the_events_that_both_sides_have() => Gen.Select(Ids, Ids).Sample((table, block) =>
    {
        var found = new List<long>();
        var walk = new EventIntersection(table, block);
        while (walk.MoveNext())
        {
            Assert.Equal(table[walk.InTable], block[walk.InBlock]);
            found.Add(table[walk.InTable]);
        }

        Assert.Equal(table.Intersect(block).Order(), found);
    });
}
