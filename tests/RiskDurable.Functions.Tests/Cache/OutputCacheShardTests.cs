using System.Security.Cryptography;
using RiskDurable.Functions.Cache;
using RiskDurable.Functions.Hosting;

namespace RiskDurable.Functions.Tests.Cache;

public sealed class OutputCacheShardTests
{
    private const int Kilobyte = 1024;

    private static readonly RiskOptions Options = new()
    {
        CacheTimeToLive = TimeSpan.FromDays(7),
        CacheCap = TimeSpan.FromDays(30),
        ClaimLease = TimeSpan.FromMinutes(5),
    };

    private readonly FakeTime _time = new();
    private readonly EntityBench<CacheShardState> _shard;

    public OutputCacheShardTests() => _shard = new EntityBench<CacheShardState>(new OutputCacheShard(_time, Microsoft.Extensions.Options.Options.Create(Options)));

    [Fact]
    public void Each_key_expires_by_itself()
    {
        _shard.Run("Add", Keys("a", "b"));
        At(days: 3);
        _shard.Run("Add", Keys("c"));
        At(days: 6.99);
        Assert.Equal("a b c", Hits("a", "b", "c", "d"));
        At(days: 7);
        Assert.Equal("c", Hits("a", "b", "c", "d"));
        At(days: 10);
        Assert.Equal("", Hits("a", "b", "c", "d"));
    }

    [Fact]
    public void A_use_lets_a_key_live_on_but_never_beyond_the_cap()
    {
        _shard.Run("Add", Keys("used", "unused"));
        for (int day = 6; day <= 24; day += 6)
        {
            At(day);
            _shard.Run("Touch", Keys("used"));
        }

        At(days: 29.99);
        Assert.Equal("used", Hits("used", "unused"));
        _shard.Run("Touch", Keys("used"));
        At(days: 30);
        Assert.Equal("", Hits("used", "unused"));
    }

    [Fact]
    public void A_use_never_revives_an_expired_key_but_writing_it_does()
    {
        _shard.Run("Add", Keys("a"));
        At(days: 8);
        _shard.Run("Touch", Keys("a", "never-there"));
        Assert.Equal("", Hits("a", "never-there"));
        _shard.Run("Add", Keys("a"));
        Assert.Equal("a", Hits("a"));
        At(days: 14.99);
        Assert.Equal("a", Hits("a"));
    }

    [Fact]
    public void A_sweep_removes_what_has_expired_and_sees_to_the_next_one()
    {
        _shard.Run("Add", Keys("a"));
        At(days: 2);
        _shard.Run("Add", Keys("b", "c"));
        (_, string operation, DateTimeOffset? first) = Assert.Single(_shard.Signals);
        Assert.Equal(("Sweep", FakeTime.Start.AddDays(7)), (operation, first!.Value));

        _time.Now = first.Value;
        _shard.Run("Sweep");
        Assert.Equal(2, _shard.State.Count());
        Assert.Equal(FakeTime.Start.AddDays(9), _shard.Signals[^1].At);

        At(days: 9);
        _shard.Run("Sweep");
        Assert.Equal(0, _shard.State.Count());
        Assert.Equal(2, _shard.Signals.Count);
        _shard.Run("Add", Keys("d"));
        Assert.Equal(FakeTime.Start.AddDays(16), _shard.Signals[^1].At);
    }

    [Fact]
    public void Sweeps_come_once_a_minute_at_most()
    {
        _shard.Run("Add", Keys("a"));
        _time.Now += TimeSpan.FromSeconds(1);
        _shard.Run("Add", Keys("b"));
        At(days: 7);
        _shard.Run("Sweep");
        Assert.Equal(FakeTime.Start.AddDays(7).AddMinutes(1), _shard.Signals[^1].At);
    }

    [Fact]
    public void A_sweep_that_never_came_is_stood_in_for_and_comes_late_to_no_effect()
    {
        _shard.Run("Add", Keys("a"));
        At(days: 7);
        _time.Now += TimeSpan.FromMinutes(2);
        _shard.Run("Add", Keys("b"));
        DateTimeOffset next = FakeTime.Start.AddDays(7).AddMinutes(3);
        Assert.Equal((2, next), (_shard.Signals.Count, _shard.Signals[^1].At));

        _shard.Run("Sweep");
        Assert.Equal((2, 2), (_shard.Signals.Count, _shard.State.Count()));
        _time.Now = next;
        _shard.Run("Sweep");
        Assert.Equal((3, 1), (_shard.Signals.Count, _shard.State.Count()));
    }

    [Fact]
    public void An_output_that_is_gone_is_forgotten()
    {
        _shard.Run("Add", Keys("a", "b"));
        _shard.Run("Invalidate", Keys("a", "never-there"));
        Assert.Equal("b", Hits("a", "b"));
    }

    [Fact]
    public void A_key_is_claimed_by_one_run_at_a_time()
    {
        _shard.Run("Add", Keys("there"));
        _shard.Run("Claim", new ClaimRequest("run-1", Keys("there", "x", "y")));
        _shard.Run("Claim", new ClaimRequest("run-2", Keys("there", "x", "z")));
        Assert.Equal("x y", ClaimedByOther("run-2", "there", "x", "y", "z"));
        Assert.Equal("z", ClaimedByOther("run-1", "there", "x", "y", "z"));

        _shard.Run("Add", Keys("x"));
        Assert.Equal("y", ClaimedByOther("run-2", "there", "x", "y", "z"));
        _shard.Run("Release", "run-1");
        Assert.Equal("", ClaimedByOther("run-2", "there", "x", "y", "z"));
        Assert.Equal("z", ClaimedByOther("run-1", "there", "x", "y", "z"));
    }

    [Fact]
    public void A_claim_without_a_sign_of_life_can_be_taken_over()
    {
        _shard.Run("Claim", new ClaimRequest("run-1", Keys("x")));
        _time.Now += TimeSpan.FromMinutes(4.9);
        _shard.Run("Claim", new ClaimRequest("run-2", Keys("x")));
        Assert.Equal("x", ClaimedByOther("run-2", "x"));
        _time.Now += TimeSpan.FromMinutes(0.1);
        Assert.Equal("", ClaimedByOther("run-2", "x"));
        _shard.Run("Claim", new ClaimRequest("run-2", Keys("x")));
        Assert.Equal("x", ClaimedByOther("run-1", "x"));
    }

    [Fact]
    public void A_run_that_produces_keeps_the_rest_of_its_claims()
    {
        _shard.Run("Claim", new ClaimRequest("run-1", Keys("x", "y")));
        _time.Now += TimeSpan.FromMinutes(4);
        _shard.Run("Add", Keys("x"));
        _time.Now += TimeSpan.FromMinutes(4);
        Assert.Equal("y", ClaimedByOther("run-2", "x", "y"));
        _time.Now += TimeSpan.FromMinutes(1);
        Assert.Equal("", ClaimedByOther("run-2", "x", "y"));
    }

    [Fact]
    public void The_state_of_5000_keys_stays_under_200_KB()
    {
        string[] keys = [.. Enumerable.Range(0, 5000).Select(i => Key($"{i}"))];
        _shard.Run("Claim", new ClaimRequest("rollup-20300101-000000-abcdef", keys));
        Assert.InRange(_shard.StateLength, 1, 200 * Kilobyte);
        _shard.Run("Add", keys[..2500]);
        Assert.InRange(_shard.StateLength, 1, 200 * Kilobyte);
        _shard.Run("Add", keys[2500..]);
        Assert.InRange(_shard.StateLength, 1, 200 * Kilobyte);
        Assert.Equal(5000, keys.Count(key => _shard.State.Has(key, _time.Now)));
    }

    private static string Key(string name) => Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(name)))[..32];

    private static string[] Keys(params string[] names) => [.. names.Select(Key)];

    private void At(double days) => _time.Now = FakeTime.Start.AddDays(days);

    private string Hits(params string[] names) => string.Join(' ', names.Where(name => _shard.State.Has(Key(name), _time.Now)));

    private string ClaimedByOther(string runId, params string[] names) =>
        string.Join(' ', names.Where(name => _shard.State.IsClaimedByOther(Key(name), runId, _time.Now)));
}
