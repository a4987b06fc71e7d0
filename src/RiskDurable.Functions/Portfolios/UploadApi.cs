using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using RiskDurable.Functions.Hosting;
using RiskDurable.Functions.Http;
using RiskDurable.Portfolio;
using RiskDurable.Portfolio.Files;

namespace RiskDurable.Functions.Portfolios;

/// <summary>Files of portfolios over HTTP: for callers who have no folder that the application can read.</summary>
/// <param name="uploads">Where the files go.</param>
/// <param name="options">How large they may be.</param>
public sealed class UploadApi(IUploadArea uploads, IOptions<RiskOptions> options)
{
    private const long Megabyte = 1024 * 1024;

    private long LargestBody => options.Value.LargestUploadMegabytes * Megabyte;

    private long LargestFile => options.Value.LargestFileMegabytes * Megabyte;

    /// <summary>Stores a file of a portfolio, or a part of one where <c>Content-Range</c> says so.</summary>
    /// <param name="request">The request; its body is the file.</param>
    /// <param name="id">The portfolio's id.</param>
    /// <param name="path">The file's path in the portfolio.</param>
    [Function(nameof(PutFile))]
    public Task<IResult> PutFile(
        [HttpTrigger(AuthorizationLevel.Function, "put", Route = "api/portfolios/{id}/files/{*path}")] HttpRequest request,
        string id,
        string? path) => Answering.RunAsync(async () =>
    {
        ArgumentNullException.ThrowIfNull(request);
        CancellationToken cancellationToken = request.HttpContext.RequestAborted;
        if (RefusalOf(request) is { } refusal)
        {
            return refusal;
        }

        long length = request.ContentLength!.Value;
        (long first, long total) = UploadHeaders.RangeOf(request, length);
        if (total > LargestFile)
        {
            return ApiProblem.TooLarge(LargestFile, "Nothing larger is kept as a file of a portfolio (setting Risk:LargestFileMegabytes).");
        }

        var content = new UploadContent(
            request.Body, first, length, total, UploadHeaders.Sha256Of(request, UploadHeaders.ReprDigest), UploadHeaders.Sha256Of(request, UploadHeaders.ContentDigest));
        if (!content.IsWhole && content.Sha256 is null)
        {
            throw new BadInputException([new Problem(ApiProblem.Header, UploadHeaders.ReprDigest, "A file that comes in parts needs the SHA-256 of the whole file with each part.")]);
        }

        if (await IsUnwantedAsync(request, id, path ?? "", cancellationToken).ConfigureAwait(false) is { } unwanted)
        {
            return unwanted;
        }

        try
        {
            UploadOutcome outcome = await uploads.WriteAsync(id, path ?? "", content, cancellationToken).ConfigureAwait(false);
            return Answer(request, id, outcome, total);
        }
        catch (UploadConflictException conflict)
        {
            return ApiProblem.Conflict(conflict.Message);
        }
    });

    /// <summary>The files of a portfolio that were sent.</summary>
    /// <param name="request">The request.</param>
    /// <param name="id">The portfolio's id.</param>
    [Function(nameof(GetFiles))]
    public Task<IResult> GetFiles(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/portfolios/{id}/files")] HttpRequest request, string id) => Answering.RunAsync(async () =>
    {
        ArgumentNullException.ThrowIfNull(request);
        var links = new ApiLinks(request);
        var files = new List<FileView>();
        await foreach (UploadedFile file in uploads.ListAsync(id, request.HttpContext.RequestAborted).ConfigureAwait(false))
        {
            files.Add(ViewOf(file, id, links));
        }

        return ApiJson.Answer(new FileList(id, [.. files.OrderBy(file => file.Path, StringComparer.Ordinal)], LargestBody));
    });

    /// <summary>Removes a file of a portfolio.</summary>
    /// <param name="request">The request.</param>
    /// <param name="id">The portfolio's id.</param>
    /// <param name="path">The file's path in the portfolio.</param>
    [Function(nameof(DeleteFile))]
    public Task<IResult> DeleteFile(
        [HttpTrigger(AuthorizationLevel.Function, "delete", Route = "api/portfolios/{id}/files/{*path}")] HttpRequest request,
        string id,
        string? path) => Answering.RunAsync(async () =>
    {
        ArgumentNullException.ThrowIfNull(request);
        return await uploads.DeleteAsync(id, path ?? "", request.HttpContext.RequestAborted).ConfigureAwait(false)
            ? Results.NoContent()
            : ApiProblem.NotFound($"Nothing was uploaded as '{path}' of portfolio '{id}'. GET {new ApiLinks(request).Files(id)} lists what was.");
    });

    /// <summary>What is wrong with a request before its body is looked at; the size that its body may have is told to the server.</summary>
    private IResult? RefusalOf(HttpRequest request)
    {
        string encoding = request.Headers.ContentEncoding.ToString();
        if (encoding is not ("" or "identity"))
        {
            request.HttpContext.Response.Headers.AcceptEncoding = "identity";
            return ApiProblem.UnsupportedMedia($"The body is in the coding '{encoding}': send the file as it is.");
        }

        if (MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? media) && media.Type.Equals("multipart", StringComparison.OrdinalIgnoreCase))
        {
            return ApiProblem.UnsupportedMedia($"The body is '{media.MediaType}': send the file itself as the body, as in 'curl -T FILE', not as a form.");
        }

        if (request.ContentLength is not { } length)
        {
            return ApiProblem.LengthRequired();
        }

        if (length > LargestBody)
        {
            return ApiProblem.TooLarge(
                LargestBody, "Send a larger file in parts: Content-Range with each, and the whole file's Repr-Digest (setting Risk:LargestUploadMegabytes).");
        }

        // Servers have a limit of their own, which is lower.
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature)
        {
            feature.MaxRequestBodySize = LargestBody;
        }

        return null;
    }

    /// <summary>412 where the caller's condition on the file that is there does not hold.</summary>
    private async Task<IResult?> IsUnwantedAsync(HttpRequest request, string id, string path, CancellationToken cancellationToken)
    {
        var headers = request.GetTypedHeaders();
        if (headers.IfNoneMatch.Count == 0 && headers.IfMatch.Count == 0)
        {
            return null;
        }

        EntityTagHeaderValue? tag = await uploads.FindAsync(id, path, cancellationToken).ConfigureAwait(false) is { } file ? TagOf(file) : null;
        bool Matches(IList<EntityTagHeaderValue> tags) => tag is not null && tags.Any(given => given.Equals(EntityTagHeaderValue.Any) || given.Compare(tag, useStrongComparison: false));
        if (headers.IfNoneMatch.Count > 0 && Matches(headers.IfNoneMatch))
        {
            request.HttpContext.Response.GetTypedHeaders().ETag = tag;
            return ApiProblem.PreconditionFailed($"'{path}' is there already, with the ETag {tag}: nothing was stored.");
        }

        return headers.IfMatch.Count > 0 && !Matches(headers.IfMatch)
            ? ApiProblem.PreconditionFailed($"'{path}' is not what If-Match says: {(tag is null ? "there is none" : $"its ETag is {tag}")}. Nothing was stored.")
            : null;
    }

    private static IResult Answer(HttpRequest request, string id, UploadOutcome outcome, long total)
    {
        if (outcome.File is not { } file)
        {
            return ApiJson.Answer(new PartView(outcome.BytesReceived, total), StatusCodes.Status202Accepted);
        }

        FileView view = ViewOf(file, id, new ApiLinks(request));
        request.HttpContext.Response.GetTypedHeaders().ETag = TagOf(file);
        request.HttpContext.Response.Headers.Location = view.FileUri;
        return ApiJson.Answer(view, outcome.IsNew ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    private static FileView ViewOf(UploadedFile file, string id, ApiLinks links) => new(file.Path, file.Bytes, file.Sha256, file.UploadedAt, links.File(id, file.Path));

    // Where the digest is not known the file came another way; whoever asks by digest then sends it again.
    private static EntityTagHeaderValue TagOf(UploadedFile file) => new($"\"{file.Sha256 ?? FormattableString.Invariant($"{file.Bytes}-{file.UploadedAt.UtcTicks}")}\"");
}

/// <summary>A file that was sent.</summary>
/// <param name="Path">Its path in the portfolio.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">SHA-256 of its bytes, hexadecimal; it is the <c>ETag</c> as well. Null where the file came past the API.</param>
/// <param name="UploadedAt">When it was stored.</param>
/// <param name="FileUri">Its address.</param>
public sealed record FileView(string Path, long Bytes, string? Sha256, DateTimeOffset UploadedAt, string FileUri);

/// <summary>The files of a portfolio that were sent.</summary>
/// <param name="Portfolio">The portfolio's id.</param>
/// <param name="Files">By ordinal path.</param>
/// <param name="LargestBody">Bytes that one request may carry; a larger file comes in parts.</param>
public sealed record FileList(string Portfolio, IReadOnlyList<FileView> Files, long LargestBody);

/// <summary>A file of which parts are missing.</summary>
/// <param name="BytesReceived">Bytes that have come, from the file's beginning on without a gap.</param>
/// <param name="BytesTotal">Bytes of the whole file.</param>
public sealed record PartView(long BytesReceived, long BytesTotal);
