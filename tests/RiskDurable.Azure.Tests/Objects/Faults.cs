using System.Collections.Concurrent;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;

namespace RiskDurable.Azure.Tests.Objects;

/// <summary>Faults between the client and the service: each is what becomes of one request that fits.</summary>
internal sealed class Faults : HttpPipelinePolicy
{
    private readonly ConcurrentQueue<(Func<Request, bool> Fits, Func<HttpMessage, Func<ValueTask>, ValueTask> Become)> _faults = new();
    private int _requests;

    /// <summary>Number of requests that came by.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>The next request that fits is answered with a status, and does not reach the service.</summary>
    public void Answer(Func<Request, bool> fits, int status, string code, string? retryAfter = null) => _faults.Enqueue((fits, (message, _) =>
    {
        message.Response = new MadeUpResponse(status, code, retryAfter);
        return ValueTask.CompletedTask;
    }
    ));

    /// <summary>The next request that fits reaches the service, but its answer is lost.</summary>
    public void LoseAnswer(Func<Request, bool> fits) => _faults.Enqueue((fits, async (_, send) =>
    {
        await send();
        throw new IOException("The connection was reset.");
    }
    ));

    /// <summary>The next request that fits is never answered.</summary>
    public void NeverAnswer(Func<Request, bool> fits) => _faults.Enqueue((fits, async (message, _) => await Task.Delay(Timeout.Infinite, message.CancellationToken)));

    /// <summary>The answer to the next request that fits has a byte changed.</summary>
    public void Damage(Func<Request, bool> fits) => _faults.Enqueue((fits, async (message, send) =>
    {
        await send();
        var body = new MemoryStream();
        await message.Response.ContentStream!.CopyToAsync(body);
        byte[] bytes = body.ToArray();
        bytes[^1] ^= 1;
        message.Response.ContentStream = new MemoryStream(bytes);
    }
    ));

    /// <summary>Something is done before the next request that fits is sent.</summary>
    public void Before(Func<Request, bool> fits, Func<Task> act) => _faults.Enqueue((fits, async (_, send) =>
    {
        await act();
        await send();
    }
    ));

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        Interlocked.Increment(ref _requests);
        if (_faults.TryPeek(out var next) && next.Fits(message.Request) && _faults.TryDequeue(out next))
        {
            await next.Become(message, () => ProcessNextAsync(message, pipeline));
            return;
        }

        await ProcessNextAsync(message, pipeline);
    }

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => throw new NotSupportedException("Nothing here is synchronous.");

    private sealed class MadeUpResponse(int status, string code, string? retryAfter) : Response
    {
        public override int Status => status;

        public override string ReasonPhrase => code;

        public override Stream? ContentStream { get; set; } = new MemoryStream();

        public override string ClientRequestId { get; set; } = "";

        public override void Dispose()
        {
        }

        protected override bool ContainsHeader(string name) => TryGetHeader(name, out _);

        protected override IEnumerable<HttpHeader> EnumerateHeaders() => retryAfter is null
            ? [new HttpHeader("x-ms-error-code", code)]
            : [new HttpHeader("x-ms-error-code", code), new HttpHeader("Retry-After", retryAfter)];

        protected override bool TryGetHeader(string name, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out string? value)
        {
            value = EnumerateHeaders().FirstOrDefault(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
            return value is not null;
        }

        protected override bool TryGetHeaderValues(string name, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out IEnumerable<string>? values)
        {
            values = TryGetHeader(name, out string? value) ? [value] : null;
            return values is not null;
        }
    }
}
