using System.Text.Json;
using RiskDurable.Execution.Storage;
using RiskDurable.Functions.Http;
using RiskDurable.Functions.Runs;
using RiskDurable.Portfolio;
using RiskDurable.Portfolio.Files;
using RiskDurable.Portfolio.Model;
using RiskDurable.Portfolio.Reading;

namespace RiskDurable.Functions.Portfolios;

/// <summary>Portfolios over HTTP: hand one in, see what is known of it.</summary>
/// <param name="store">Keeps definitions that were posted, for the orchestration to read.</param>
/// <param name="roots">Where folders may be.</param>
/// <param name="sources">Where portfolios are.</param>
/// <param name="time">The clock.</param>
public sealed class PortfolioApi(IObjectStore store, PortfolioRoots roots, PortfolioSources sources, TimeProvider time)
{
    private const int LargestBody = 16 * 1024 * 1024;

    private static readonly string[] ReferenceFields = ["folder", "uploaded", "blockTrials"];

    /// <summary>
    /// Checks a portfolio's structure and starts packing it. The body names a folder, or says that the files were uploaded, or is a
    /// <c>portfolio.json</c> whose tables are in the folder of the query value <c>tables</c>.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="id">The portfolio's id.</param>
    /// <param name="client">Starts the orchestration.</param>
    [Function(nameof(PostPortfolio))]
    public Task<IResult> PostPortfolio(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/portfolios/{id}")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client) => Answering.RunAsync(async () =>
    {
        ArgumentNullException.ThrowIfNull(request);
        CancellationToken cancellationToken = request.HttpContext.RequestAborted;
        if (await RequestContent.ReadAsync(request, LargestBody).ConfigureAwait(false) is not { } body)
        {
            return ApiProblem.TooLarge(LargestBody);
        }

        string? key = IdempotencyKey.Read(request);
        string instanceId = key is null ? RunIds.NewIngest(time.GetUtcNow()) : RunIds.IngestPrefix + key;
        IngestRequest ingest = await ExamineAsync(request, id, body, instanceId, cancellationToken).ConfigureAwait(false);
        if (!await Answering.StartOnceAsync(client, nameof(IngestPortfolio), ingest, instanceId, static asked => asked, cancellationToken).ConfigureAwait(false))
        {
            return ApiProblem.KeyReused(key!);
        }

        return (CheckStatus.Of(client, instanceId) with { PortfolioUri = new ApiLinks(request).Portfolio(id) }).Accepted(request.HttpContext.Response);
    });

    /// <summary>What is known of a portfolio.</summary>
    /// <param name="request">The request.</param>
    /// <param name="id">The portfolio's id.</param>
    /// <param name="client">Reads the catalogue.</param>
    [Function(nameof(GetPortfolio))]
    public static async Task<IResult> GetPortfolio(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/portfolios/{id}")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client)
    {
        ArgumentNullException.ThrowIfNull(request);
        return await PortfolioCatalogue.FindAsync(client, id, request.HttpContext.RequestAborted).ConfigureAwait(false) is { } entry
            ? ApiJson.Answer(PortfolioView.Of(entry, new ApiLinks(request)))
            : ApiProblem.NotFound($"No portfolio '{id}' was packed yet: POST it to {new ApiLinks(request).Portfolio(id)}.");
    }

    /// <summary>All portfolios that are known, by id.</summary>
    /// <param name="request">The request.</param>
    /// <param name="client">Reads the catalogue.</param>
    [Function(nameof(GetPortfolios))]
    public static async Task<IResult> GetPortfolios(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/portfolios")] HttpRequest request,
        [DurableClient] DurableTaskClient client)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(client);
        var links = new ApiLinks(request);
        var found = new List<PortfolioView>();
        var query = new EntityQuery { InstanceIdStartsWith = $"@{nameof(PortfolioCatalogue)}@" };
        await foreach (EntityMetadata<PortfolioEntry> entity in client.Entities.GetAllEntitiesAsync<PortfolioEntry>(query)
            .WithCancellation(request.HttpContext.RequestAborted).ConfigureAwait(false))
        {
            if (entity.IncludesState)
            {
                found.Add(PortfolioView.Of(entity.State, links));
            }
        }

        return ApiJson.Answer(new PortfolioList([.. found.OrderBy(portfolio => portfolio.Id, StringComparer.Ordinal)]));
    }

    private async Task<IngestRequest> ExamineAsync(HttpRequest request, string id, byte[] body, string instanceId, CancellationToken cancellationToken)
    {
        using JsonDocument document = RequestContent.Parse(body);
        bool isReference = document.RootElement.ValueKind == JsonValueKind.Object
            && (document.RootElement.TryGetProperty("folder", out _) || document.RootElement.TryGetProperty("uploaded", out _));
        var ingest = new IngestRequest(instanceId, "", null, StartedBy: Caller.Of(request));
        IPortfolioFiles files;
        if (isReference)
        {
            var problems = new List<Problem>();
            var fields = new BodyFields(document.RootElement, "$", ReferenceFields, problems);
            string? folder = fields.Text("folder");
            int? blockTrials = fields.WholeNumber("blockTrials", 1, PortfolioReader.MaxTrials);
            if (fields.Has("uploaded") && (fields.Has("folder") || document.RootElement.GetProperty("uploaded").ValueKind != JsonValueKind.True))
            {
                fields.Add("uploaded", "true was expected, and no folder beside it: the files that were PUT to the portfolio's files are packed.");
            }

            string? source = folder is null ? PortfolioSources.Uploaded(id) : Locate(folder, ApiProblem.Body, "$.folder", problems);
            ThrowIfAny(problems);
            files = sources.Open(source!, folder);
            ingest = ingest with { Folder = source!, BlockTrials = blockTrials };
        }
        else
        {
            var problems = new List<Problem>();
            string tables = request.Query["tables"].ToString() is { Length: > 0 } given ? given : ".";
            string? path = Locate(tables, ApiProblem.Address, "tables", problems);
            ThrowIfAny(problems);
            files = new PostedDefinition(body, new FolderFiles(path!, tables));
            ingest = ingest with { Folder = path! };
        }

        PortfolioDefinition portfolio = PortfolioReader.Read(files);
        if (portfolio.Id != id)
        {
            throw new BadInputException([new Problem(PortfolioReader.FileName, "$.id", $"The portfolio's id is '{portfolio.Id}', the address says '{id}'; they must be the same.")]);
        }

        if (!isReference)
        {
            ObjectKey definition = ObjectKey.OfContent(ObjectKind.Definition, body);
            await store.WriteAsync(definition, body, cancellationToken).ConfigureAwait(false);
            ingest = ingest with { Definition = definition.Hash };
        }

        return ingest;
    }

    private string? Locate(string folder, string file, string place, List<Problem> problems)
    {
        string? path = roots.Find(folder, out string objection);
        if (path is null)
        {
            problems.Add(new Problem(file, place, objection));
        }

        return path;
    }

    private static void ThrowIfAny(List<Problem> problems)
    {
        if (problems.Count > 0)
        {
            throw new BadInputException(problems);
        }
    }
}
