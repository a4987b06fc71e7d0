using RiskDurable.Execution.Storage;

namespace RiskDurable.Azure.Tests.Objects;

public sealed class AccountChoiceTests
{
    private static readonly string[] Hashes = [.. Enumerable.Range(0, 4_000).Select(i => ObjectKey.OfContent(ObjectKind.Map, BitConverter.GetBytes(i)).Hash)];

    [Fact]
    public void Objects_spread_evenly()
    {
        var choice = new AccountChoice(["a", "b", "c", "d"]);
        foreach (IGrouping<int, string> ofAccount in Hashes.GroupBy(hash => choice.Of(hash).Now))
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
            (int now, int former) = after.Of(hash);
            if (now == 3)
            {
                moved++;
                Assert.Equal(before.Of(hash).Now, former);
            }
            else
            {
                Assert.Equal(before.Of(hash).Now, now);
            }
        }

        Assert.InRange(moved, 863, 1_137);
    }

    [Fact]
    public void The_order_of_the_accounts_does_not_matter()
    {
        string[] names = ["a", "b", "c"];
        string[] others = ["c", "a", "b"];
        Assert.All(Hashes, hash => Assert.Equal(names[new AccountChoice(names).Of(hash).Now], others[new AccountChoice(others).Of(hash).Now]));
    }

    [Fact]
    public void One_account_has_everything() => Assert.Equal((0, 0), new AccountChoice(["a"]).Of(Hashes[0]));

    [Fact]
    public async Task What_a_new_account_takes_over_is_found_in_its_former_place()
    {
        CancellationToken cancel = TestContext.Current.CancellationToken;
        string container = Containers.NewName();
        var two = new BlobObjectStore(await Containers.AccountsAsync(count: 2), container);
        var written = new List<(ObjectKey Key, byte[] Data)>();
        for (int i = 0; i < 30; i++)
        {
            (ObjectKey key, byte[] data) = ObjectStoreTests.Random(100);
            await two.WriteAsync(key, data, cancel);
            written.Add((key, data));
        }

        var three = new BlobObjectStore(await Containers.AccountsAsync(count: 3), container);
        foreach ((ObjectKey key, byte[] data) in written)
        {
            Assert.True(await three.ExistsAsync(key, cancel));
            Assert.Equal(data, await three.ReadAsync(key, cancel));
            await three.DeleteAsync(key, cancel);
            Assert.False(await two.ExistsAsync(key, cancel));
        }
    }
}
