using Azure.Storage.Blobs;
using RiskDurable.Azurite;

namespace RiskDurable.Azure.Tests;

/// <summary>Accounts of this process's Azurite, and containers that no other test uses.</summary>
internal static class Containers
{
    public static string NewName() => $"test-{Guid.NewGuid():N}";

    public static async Task<BlobAccounts> AccountsAsync(
        int count = 1, TimeProvider? time = null, Action<BlobClientOptions>? configure = null)
    {
        AzuriteServer azurite = await AzuriteServer.SharedAsync();
        return new BlobAccounts(StoreAddress.Parse(string.Join(' ', Enumerable.Range(0, count).Select(azurite.Connection))), time, configure);
    }
}
