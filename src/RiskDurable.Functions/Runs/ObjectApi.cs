using System.Globalization;
using RiskDurable.Execution.Storage;
using RiskDurable.Functions.Http;
using RiskDurable.Portfolio;

namespace RiskDurable.Functions.Runs;

/// <summary>
/// Objects over HTTP: what a run computed and what it is computed from, for callers who put results together themselves. What a name stands for never
/// changes, so whoever has an object need not ask again.
/// </summary>
/// <param name="store">Where the objects are.</param>
public sealed class ObjectApi(IObjectStore store)
{
    /// <summary>Bytes of one answer; of a larger object a caller asks for one range after another.</summary>
    public const int LargestRange = 8 << 20;

    private const string MediaType = "application/octet-stream";

    /// <summary>Sends an object, or the range of it that <c>Range</c> names.</summary>
    /// <param name="request">The request.</param>
    /// <param name="name">The object's name: 64 hexadecimal digits, a dot and its kind.</param>
    [Function(nameof(GetObject))]
    public Task<IResult> GetObject(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/objects/{name}")] HttpRequest request, string name) => Answering.RunAsync(async () =>
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!ObjectKey.TryParse(name, out ObjectKey key))
        {
            throw new BadInputException([new Problem(ApiProblem.Address, "name", $"'{name}' is no name of an object: 64 hexadecimal digits, a dot and a kind were expected.")]);
        }

        try
        {
            (long First, int Length)? range = RangeOf(request);
            (long first, int length) = range ?? (0, LargestRange);
            byte[] data = await store.ReadRangeAsync(key, first, length, request.HttpContext.RequestAborted).ConfigureAwait(false);
            HttpResponse response = request.HttpContext.Response;
            response.Headers.AcceptRanges = "bytes";
            response.Headers.ETag = $"\"{key.Name}\"";
            response.Headers.CacheControl = "private, immutable, max-age=31536000";
            if (range is null)
            {
                return data.Length < length
                    ? Results.Bytes(data, MediaType)
                    : Results.Stream(body => CopyAsync(key, data, body, request.HttpContext.RequestAborted), MediaType);
            }

            if (data.Length == 0)
            {
                return Results.StatusCode(StatusCodes.Status416RangeNotSatisfiable);
            }

            // How long the whole is the store does not say; a range that comes back shorter than it was asked for is the last.
            response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes {first}-{first + data.Length - 1}/*");
            response.StatusCode = StatusCodes.Status206PartialContent;
            return Results.Bytes(data, MediaType);
        }
        catch (UnreadableObjectException)
        {
            return ApiProblem.NotFound($"There is no object '{name}': it expired, or another version of the product names it. Run the rollup again; only what is missing runs.");
        }
    });

    private async Task CopyAsync(ObjectKey key, byte[] data, Stream body, CancellationToken cancellationToken)
    {
        for (long done = 0; data.Length > 0;)
        {
            await body.WriteAsync(data, cancellationToken).ConfigureAwait(false);
            done += data.Length;
            data = data.Length < LargestRange ? [] : await store.ReadRangeAsync(key, done, LargestRange, cancellationToken).ConfigureAwait(false);
        }
    }

    // One range that says where it begins; whatever else a caller asks for, the whole answers it as well (RFC 9110, section 14.2).
    private static (long First, int Length)? RangeOf(HttpRequest request)
    {
        if (request.GetTypedHeaders().Range is not { Ranges: { Count: 1 } ranges, Unit: var unit } || unit != "bytes" || ranges.Single() is not { From: { } first, To: var last })
        {
            return null;
        }

        return (first, (int)Math.Min(LargestRange, (last ?? long.MaxValue - 1) - first + 1));
    }
}
