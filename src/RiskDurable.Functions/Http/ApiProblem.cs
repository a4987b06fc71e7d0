using RiskDurable.Portfolio;

namespace RiskDurable.Functions.Http;

/// <summary>A refusal as RFC 9457 describes it.</summary>
/// <param name="Type">Names the kind of problem.</param>
/// <param name="Title">The kind in words.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">What is wrong this time, and what to do.</param>
/// <param name="Errors">Everything that is wrong with an input; null for other problems.</param>
public sealed record ApiProblem(string Type, string Title, int Status, string Detail, IReadOnlyList<Problem>? Errors = null)
{
    /// <summary>The media type of problems.</summary>
    public const string MediaType = "application/problem+json";

    /// <summary>The <see cref="Problem.File"/> of what is wrong with a request's body.</summary>
    public const string Body = "body";

    /// <summary>The <see cref="Problem.File"/> of what is wrong with a request's header.</summary>
    public const string Header = "header";

    /// <summary>The <see cref="Problem.File"/> of what is wrong with a request's address.</summary>
    public const string Address = "address";

    /// <summary>400: the input is wrong.</summary>
    /// <param name="errors">Everything that is wrong with it.</param>
    public static IResult BadInput(IReadOnlyList<Problem> errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        string detail = errors.Count == 1 ? errors[0].Message : $"{errors.Count} problems; nothing was run.";
        return Answer("bad-input", "The input is wrong.", StatusCodes.Status400BadRequest, detail, errors);
    }

    /// <summary>404: there is no such thing.</summary>
    /// <param name="detail">What there is not.</param>
    public static IResult NotFound(string detail) => Answer("not-found", "There is no such thing.", StatusCodes.Status404NotFound, detail);

    /// <summary>409: not in this state.</summary>
    /// <param name="detail">Which state, and what to wait for.</param>
    public static IResult Conflict(string detail) => Answer("wrong-state", "This is not possible in the present state.", StatusCodes.Status409Conflict, detail);

    /// <summary>410: it was there once.</summary>
    /// <param name="detail">How to get it back.</param>
    public static IResult Gone(string detail) => Answer("gone", "The results have been removed.", StatusCodes.Status410Gone, detail);

    /// <summary>411: the length was not announced.</summary>
    public static IResult LengthRequired() => Answer(
        "length-required",
        "The length of the body is missing.",
        StatusCodes.Status411LengthRequired,
        "Give Content-Length, so that what is too large is refused before it is sent.");

    /// <summary>412: a condition of the request does not hold.</summary>
    /// <param name="detail">Which.</param>
    public static IResult PreconditionFailed(string detail) =>
        Answer("precondition-failed", "The request's condition does not hold.", StatusCodes.Status412PreconditionFailed, detail);

    /// <summary>413: the body is too large.</summary>
    /// <param name="limit">What is allowed, bytes.</param>
    /// <param name="remedy">What to do.</param>
    public static IResult TooLarge(long limit, string remedy = "Put a large portfolio into files: upload them, or name their folder.") =>
        Answer("too-large", "The body is too large.", StatusCodes.Status413PayloadTooLarge, $"At most {limit / 1024:N0} KB are read. {remedy}");

    /// <summary>415: the body is in a form that is not read.</summary>
    /// <param name="detail">Which, and what is.</param>
    public static IResult UnsupportedMedia(string detail) =>
        Answer("unsupported-media", "The body is in a form that is not read.", StatusCodes.Status415UnsupportedMediaType, detail);

    /// <summary>422: the same idempotency key with another request.</summary>
    /// <param name="key">The key.</param>
    public static IResult KeyReused(string key) => Answer(
        "key-reused",
        "The idempotency key was used for another request.",
        StatusCodes.Status422UnprocessableEntity,
        $"'{key}' started something else before. Use a new Idempotency-Key for a new request.");

    /// <summary>500: it was tried, and failed.</summary>
    /// <param name="detail">What failed, and what to do.</param>
    public static IResult Failed(string detail) => Answer("failed", "The work failed.", StatusCodes.Status500InternalServerError, detail);

    private static IResult Answer(string type, string title, int status, string detail, IReadOnlyList<Problem>? errors = null) =>
        Results.Json(new ApiProblem($"urn:riskdurable:problem:{type}", title, status, detail, errors), ApiJson.Options, MediaType, status);
}
