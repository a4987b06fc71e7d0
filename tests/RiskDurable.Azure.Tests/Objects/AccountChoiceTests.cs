using RiskDurable.Execution.Storage;

namespace RiskDurable.Azure.Tests.Objects;

public sealed class AccountChoiceTests
{
    private static readonly string[] Hashes = [.. Enumerable.Range(0, 4_000).Select(i => ObjectKey.OfContent(ObjectKind.Map, BitConverter.GetBytes(i)).Hash)];

    [Fact]
    public void Objects_spread_evenly()
    {
        var choice = new AccountChoice(["a", "b", "c", "d"]);
        foreach (IGrouping<int, string> ofAccount in Hashes.GroupBy(hash => choice.RankFor(hash)[0]))
        {
            // A thousand each; five standard deviations are 137.
            Assert.InRange(ofAccount.Count(), 863, 1_137);
        }
    }

    [Fact]
    public void A_new_account_takes_its_share_and_moves_no_other_object()
    {
        var before = new AccountChoice(["a", "b", "c"]);
        var after = new AccountChoice(["a", "b", "c", "d"]);
        int moved = 0;
        foreach (string hash in Hashes)
        {
            int[] rank = after.RankFor(hash);
            moved += rank[0] == 3 ? 1 : 0;
            Assert.Equal(before.RankFor(hash), rank.Where(account => account != 3));
        }

        Assert.InRange(moved, 863, 1_137);
    }

    [Fact]
    public void The_order_of_the_accounts_does_not_matter()
    {
        string[] names = ["a", "b", "c"];
        string[] others = ["c", "a", "b"];
        Assert.All(Hashes, hash => Assert.Equal(names[new AccountChoice(names).RankFor(hash)[0]], others[new AccountChoice(others).RankFor(hash)[0]]));
    }

    [Fact]
    public void One_account_has_everything() => Assert.Equal([0], new AccountChoice(["a"]).RankFor(Hashes[0]));

    [Fact]
    public async Task What_two_new_accounts_take_over_is_found_in_its_former_place()
    {
        CancellationToken cancel = TestContext.Current.CancellationToken;
        string container = Containers.NewName();
        var one = new BlobObjectStore(await Containers.AccountsAsync(count: 1), container);
        var written = new List<(ObjectKey Key, byte[] Data)>();
        for (int i = 0; i < 30; i++)
        {
            (ObjectKey key, byte[] data) = ObjectStoreTests.Random(100);
            await one.WriteAsync(key, data, cancel);
            written.Add((key, data));
        }

        var three = new BlobObjectStore(await Containers.AccountsAsync(count: 3), container);
        foreach ((ObjectKey key, byte[] data) in written)
        {
            Assert.True(await three.ExistsAsync(key, cancel));
            Assert.Equal(data, await three.ReadAsync(key, cancel));
            await three.DeleteAsync(key, cancel);
            Assert.False(await one.ExistsAsync(key, cancel));
        }
    }

    [Fact]
    public async Task An_object_that_moved_and_was_written_again_is_listed_once()
    {
        CancellationToken cancel = TestContext.Current.CancellationToken;
        string container = Containers.NewName();
        var one = new BlobObjectStore(await Containers.AccountsAsync(count: 1), container);
        var three = new BlobObjectStore(await Containers.AccountsAsync(count: 3), container);
        var written = new List<ObjectKey>();
        for (int i = 0; i < 30; i++)
        {
            (ObjectKey key, byte[] data) = ObjectStoreTests.Random(100);
            await one.WriteAsync(key, data, cancel);
            await three.WriteAsync(key, data, cancel);
            written.Add(key);
        }

        List<StoredObject> listed = await three.ListAsync(cancel).ToListAsync(cancel);
        Assert.Equal(written.Select(key => key.Name).Order(StringComparer.Ordinal), listed.Select(found => found.Key.Name));
    }
}
