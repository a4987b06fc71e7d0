using System.Runtime.CompilerServices;

namespace RiskDurable.Kernel.Tests.Simulation;

public sealed class SubjectCacheTests
{
    [Fact]
    public void A_table_that_is_a_whole_subject_is_not_kept_in_memory()
    {
        var cache = new SubjectCache();
        WeakReference table = Ask(cache);
        GC.Collect();
        Assert.False(table.IsAlive);
    }

    [Fact]
    public void What_had_to_be_worked_out_is_worked_out_once()
    {
        var cache = new SubjectCache();
        SubjectSource scaled = Table(factor: 0.5);
        Assert.Equal([1, 2], cache.Of([scaled], 1).Sums);
        Assert.Same(cache.Of([scaled], 1), cache.Of([scaled], 1));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Ask(SubjectCache cache)
    {
        SubjectSource source = Table(factor: 1);
        Assert.Equal([2, 4], cache.Of([source], 1).Sums);
        return new WeakReference(source.Elt);
    }

    private static SubjectSource Table(double factor) => new(new EventLossTable([1, 2], [2, 4]), factor, 1);
}
