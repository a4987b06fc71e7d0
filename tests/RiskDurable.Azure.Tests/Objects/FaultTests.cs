using System.Diagnostics.Metrics;
using Azure.Core;
using RiskDurable.Execution.Storage;
using RiskDurable.Execution.Telemetry;

namespace RiskDurable.Azure.Tests.Objects;

/// <summary>What becomes of reads and writes when requests fail, get lost or come back damaged.</summary>
public sealed class FaultTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Faults _faults = new();
    private BlobObjectStore _store = null!;
    private BlobObjectStore _other = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        string container = Containers.NewName();
        _store = new BlobObjectStore(await Containers.AccountsAsync(configure: options => options.AddPolicy(_faults, HttpPipelinePosition.PerRetry)), container);
        _other = new BlobObjectStore(await Containers.AccountsAsync(), container);
        (ObjectKey key, byte[] data) = ObjectStoreTests.Random(1);
        await _store.WriteAsync(key, data, Cancel);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData(503, "ServerBusy")]
    [InlineData(429, "TooManyRequests")]
    [InlineData(500, "InternalError")]
    [InlineData(500, "OperationTimedOut")]
    public async Task A_request_that_is_turned_away_is_sent_again(int status, string code)
    {
        (ObjectKey key, byte[] data) = ObjectStoreTests.Random(1_000);
        _faults.Answer(IsPut, status, code);
        await _store.WriteAsync(key, data, Cancel).AsTask().WaitAsync(Patience, Cancel);
        _faults.Answer(IsGet, status, code);
        _faults.Answer(IsGet, status, code);
        Assert.Equal(data, await _store.ReadAsync(key, Cancel).AsTask().WaitAsync(Patience, Cancel));
    }

    [Fact]
    public async Task Nothing_is_sent_before_the_time_that_the_service_names()
    {
        var clock = new HandMovedClock();
        var store = new BlobObjectStore(
            await Containers.AccountsAsync(time: clock, configure: options => options.AddPolicy(_faults, HttpPipelinePosition.PerRetry)), Containers.NewName());
        (ObjectKey key, byte[] data) = ObjectStoreTests.Random(10);
        await store.WriteAsync(key, data, Cancel);
        int before = _faults.Requests;
        _faults.Answer(IsGet, 503, "ServerBusy", retryAfter: "2");
        Task<byte[]> read = store.ReadAsync(key, Cancel).AsTask();

        // Longer than two seconds, as waits have jitter.
        await clock.WaitForTimerAsync(due => due > TimeSpan.FromSeconds(2) && due < TimeSpan.FromSeconds(4), Cancel).WaitAsync(Patience, Cancel);
        clock.Advance(TimeSpan.FromSeconds(1.99));
        Assert.Equal(1, _faults.Requests - before);
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(data, await read.WaitAsync(Patience, Cancel));
        Assert.Equal(2, _faults.Requests - before);
    }

    [Fact]
    public async Task A_write_whose_answer_is_lost_has_happened()
    {
        (ObjectKey key, byte[] data) = ObjectStoreTests.Random(1_000);
        _faults.LoseAnswer(IsPut);
        await _store.WriteAsync(key, data, Cancel).AsTask().WaitAsync(Patience, Cancel);
        Assert.Equal(data, await _other.ReadAsync(key, Cancel));
    }

    [Fact]
    public async Task A_large_object_survives_lost_answers_and_busy_moments()
    {
        (ObjectKey key, byte[] data) = ObjectStoreTests.Random((2 * BlobObjectStore.PartBytes) + 7);
        _faults.LoseAnswer(IsPut);
        _faults.Answer(IsPut, 503, "ServerBusy");
        _faults.LoseAnswer(request => IsPut(request) && request.Uri.Query.Contains("comp=blocklist", StringComparison.Ordinal));
        await _store.WriteAsync(key, data, Cancel).AsTask().WaitAsync(Patience, Cancel);
        _faults.LoseAnswer(IsGet);
        Assert.True((await _store.ReadAsync(key, Cancel).AsTask().WaitAsync(Patience, Cancel)).AsSpan().SequenceEqual(data.AsSpan()));
    }

    [Fact]
    public async Task A_writer_that_is_gone_before_its_last_request_leaves_nothing()
    {
        (ObjectKey key, byte[] data) = ObjectStoreTests.Random((2 * BlobObjectStore.PartBytes) + 7);
        using var killed = new CancellationTokenSource();
        _faults.Before(request => IsPut(request) && request.Uri.Query.Contains("comp=blocklist", StringComparison.Ordinal), killed.CancelAsync);
        _faults.NeverAnswer(request => IsPut(request) && request.Uri.Query.Contains("comp=blocklist", StringComparison.Ordinal));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await _store.WriteAsync(key, data, killed.Token));
        Assert.False(await _other.ExistsAsync(key, Cancel));
        await _other.WriteAsync(key, data, Cancel);
        Assert.True((await _other.ReadAsync(key, Cancel)).AsSpan().SequenceEqual(data.AsSpan()));
    }

    [Fact]
    public async Task An_object_that_is_deleted_while_it_is_read_is_missing_and_never_half()
    {
        (ObjectKey key, byte[] data) = ObjectStoreTests.Random((3 * BlobObjectStore.PartBytes) + 7);
        await _other.WriteAsync(key, data, Cancel);
        _faults.Before(request => IsGet(request) && request.Headers.TryGetValue("x-ms-range", out string? range) && !range.StartsWith("bytes=0-", StringComparison.Ordinal),
            async () => await _other.DeleteAsync(key, Cancel));
        UnreadableObjectException gone = await Assert.ThrowsAsync<UnreadableObjectException>(async () => await _store.ReadAsync(key, Cancel));
        Assert.False(gone.IsDamage);
    }

    [Fact]
    public async Task A_byte_that_is_damaged_on_its_way_is_found_by_its_hash_and_fetched_again()
    {
        (ObjectKey key, byte[] data) = SectionsOf(1_000);
        await _other.WriteAsync(key, data, Cancel);
        using var damage = new DamageCounter();
        _faults.Damage(IsGet);
        SectionReader reader = await SectionReader.ReadAsync(_store, key, Cancel);
        Assert.Equal(Enumerable.Range(0, 1_000), reader.Array<int>(0));
        Assert.Equal("mended", Assert.Single(damage.Outcomes));
    }

    [Fact]
    public async Task A_byte_that_is_damaged_in_the_store_is_reported()
    {
        (ObjectKey key, byte[] data) = SectionsOf(1_000);
        data[^1] ^= 1;
        await _other.WriteAsync(key, data, Cancel);
        using var damage = new DamageCounter();
        UnreadableObjectException damaged = await Assert.ThrowsAsync<UnreadableObjectException>(async () => await SectionReader.ReadAsync(_store, key, Cancel));
        Assert.True(damaged.IsDamage);
        Assert.Equal("reported", Assert.Single(damage.Outcomes));
    }

    [Fact]
    public async Task An_account_that_refuses_the_key_is_told_and_not_asked_again()
    {
        _faults.Answer(IsGet, 403, "AuthorizationPermissionMismatch");
        (ObjectKey key, _) = ObjectStoreTests.Random(10);
        StoreUnavailableException refused = await Assert.ThrowsAsync<StoreUnavailableException>(async () => await _store.ReadAsync(key, Cancel));
        Assert.Contains("refuses the key", refused.Message, StringComparison.Ordinal);
    }

    private static bool IsPut(Request request) => request.Method == RequestMethod.Put;

    private static bool IsGet(Request request) => request.Method == RequestMethod.Get;

    private static (ObjectKey Key, byte[] Data) SectionsOf(int count)
    {
        using var writer = new SectionWriter(1);
        writer.Add<int>([.. Enumerable.Range(0, count)]);
        return (ObjectStoreTests.Random(1).Key, writer.ToArray());
    }

    /// <summary>Hears what the metrics say of damage, in this test's flow of control.</summary>
    private sealed class DamageCounter : IDisposable
    {
        private static readonly AsyncLocal<List<string>?> Heard = new();
        private readonly MeterListener _listener = new();

        public DamageCounter()
        {
            Heard.Value = Outcomes;
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument is { Meter.Name: RiskTelemetry.Name, Name: "riskdurable.storage.damaged" })
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<long>((_, _, tags, _) => Heard.Value?.Add((string)tags.ToArray().Single(tag => tag.Key == "outcome").Value!));
            _listener.Start();
        }

        public List<string> Outcomes { get; } = [];

        public void Dispose() => _listener.Dispose();
    }
}
