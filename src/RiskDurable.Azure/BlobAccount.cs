using System.Collections.Concurrent;
using Azure;
using Azure.Core;
using Azure.Storage.Blobs;
using RiskDurable.Execution.Storage;

namespace RiskDurable.Azure;

/// <summary>A storage account as this process uses it.</summary>
public sealed class BlobAccount
{
    private readonly BlobServiceClient _governed;
    private readonly ConcurrentDictionary<string, Lazy<Task<BlobContainerClient>>> _containers = new(StringComparer.Ordinal);

    internal BlobAccount(AccountAddress address, TokenCredential credential, TimeProvider time, Action<BlobClientOptions>? configure)
    {
        Address = address;
        Requests = new AccountRequests(address, time);
        Client = Connect(address, credential, configure, retries: null);
        _governed = Connect(address, credential, configure, retries: 0);
    }

    /// <summary>Where it is.</summary>
    public AccountAddress Address { get; }

    /// <summary>The Blob service with the client library's own retries: for streams, leases and all that goes beside the object store.</summary>
    public BlobServiceClient Client { get; }

    internal AccountRequests Requests { get; }

    /// <summary>Sends a request: no more at once than the account bears, and again where it is busy or the network fails.</summary>
    /// <param name="operation">What is asked, for the metrics.</param>
    /// <param name="bytes">Bytes that travel, for the time it may take.</param>
    /// <param name="attempt">Sends it once, by a container of <see cref="ContainerAsync"/>, and reads the answer to its end.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="RequestFailedException">The account answered that it is not so: the blob is not there, or there already, or changed.</exception>
    /// <exception cref="StoreUnavailableException">The account cannot be reached or may not be used.</exception>
    public Task<T> RunAsync<T>(string operation, long bytes, Func<CancellationToken, Task<T>> attempt, CancellationToken cancellationToken) =>
        Requests.RunAsync(operation, bytes, (_, cancel) => attempt(cancel), cancellationToken);

    /// <summary>A container, whose requests go through <see cref="RunAsync"/>; created if it is missing and the identity may.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="StoreUnavailableException">The account cannot be reached or may not be used, or the container is missing and may not be created.</exception>
    public async ValueTask<BlobContainerClient> ContainerAsync(string name, CancellationToken cancellationToken)
    {
        // For all who wait: one that gives up must not stop the others.
        Lazy<Task<BlobContainerClient>> container = _containers.GetOrAdd(name, _ => new(() => OpenAsync(name)));
        try
        {
            return container.Value.IsCompletedSuccessfully ? container.Value.Result : await container.Value.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (StoreUnavailableException)
        {
            _containers.TryRemove(new(name, container));
            throw;
        }
    }

    /// <summary>A container, whose requests go through <see cref="RunAsync"/>; it is taken to be there, and not created.</summary>
    internal BlobContainerClient ExistingContainer(string name) => _governed.GetBlobContainerClient(name);

    private static BlobServiceClient Connect(AccountAddress address, TokenCredential credential, Action<BlobClientOptions>? configure, int? retries)
    {
        var options = new BlobClientOptions();
        configure?.Invoke(options);
        options.Retry.MaxRetries = retries ?? options.Retry.MaxRetries;
        return address.ConnectionString is { } connection
            ? new BlobServiceClient(connection, options)
            : new BlobServiceClient(address.Endpoint, credential, options);
    }

    private async Task<BlobContainerClient> OpenAsync(string name)
    {
        BlobContainerClient container = _governed.GetBlobContainerClient(name);
        try
        {
            await RunAsync("create-container", 0, cancel => container.CreateIfNotExistsAsync(cancellationToken: cancel), CancellationToken.None).ConfigureAwait(false);
        }
        catch (StoreUnavailableException refused) when (refused.InnerException is RequestFailedException { Status: 403 })
        {
            // An identity that may not create containers may still use one that is there.
            try
            {
                await RunAsync("get-container", 0, cancel => container.GetPropertiesAsync(cancellationToken: cancel), CancellationToken.None).ConfigureAwait(false);
            }
            catch (StoreUnavailableException missing) when (missing.InnerException is RequestFailedException { Status: 404 })
            {
                throw new StoreUnavailableException(
                    $"The store {Address} has no container '{name}', and this identity may not create it: create it, or give the identity the role \"Storage Blob Data Contributor\" on the account.",
                    refused);
            }
        }

        return container;
    }
}
