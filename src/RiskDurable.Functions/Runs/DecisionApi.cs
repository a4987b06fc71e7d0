using RiskDurable.Execution.Planning;
using RiskDurable.Execution.Storage;
using RiskDurable.Functions.Http;
using RiskDurable.Functions.Rollup;
using RiskDurable.Portfolio;

namespace RiskDurable.Functions.Runs;

/// <summary>Why jobs of a run were run, or were not, over HTTP.</summary>
/// <param name="library">Plans in memory.</param>
/// <param name="store">Where decisions are.</param>
public sealed class DecisionApi(PlanLibrary library, IObjectStore store)
{
    /// <summary>Tells the reason for every job of a run, stage by stage. Query value: <c>deal</c>, for the map jobs that simulate a deal.</summary>
    /// <param name="request">The request.</param>
    /// <param name="id">The run.</param>
    /// <param name="client">Reads the run.</param>
    [Function(nameof(GetDecisions))]
    public Task<IResult> GetDecisions(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/runs/{id}/decisions")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client) => Answering.RunAsync(async () =>
    {
        ArgumentNullException.ThrowIfNull(request);
        CancellationToken cancellationToken = request.HttpContext.RequestAborted;
        if (await RunReader.FindAsync(client, id, cancellationToken).ConfigureAwait(false) is not { } run)
        {
            return RunApi.UnknownRun(id);
        }

        var links = new ApiLinks(request);
        if (RunReader.StatusOf(run) is not { Decisions: { } hash, Plan: { } reference })
        {
            return ApiProblem.Conflict($"Nothing is decided for run '{id}': it has no plan. See {links.Run(id)}.");
        }

        try
        {
            JobDecisions decisions = await JobDecisions.ReadAsync(store, hash, cancellationToken).ConfigureAwait(false);
            RollupPlan plan = (await library.RunnerOfAsync(reference).ConfigureAwait(false)).Plan;
            string? deal = request.Query["deal"];
            return ApiJson.Answer(new DecisionsView(id, deal, [.. Views(plan, decisions, deal)]));
        }
        catch (UnreadableObjectException gone)
        {
            return ApiProblem.Gone($"{gone.Message} Decisions are kept for as long as the store keeps them; the run itself is at {links.Run(id)}.");
        }
    });

    private static IEnumerable<StageDecisionsView> Views(RollupPlan plan, JobDecisions decisions, string? deal)
    {
        HashSet<int> bundles = [.. plan.Bundles.Where(bundle => bundle.Deals.Any(member => member.Deal.Id == deal)).Select(bundle => bundle.Index)];
        if (deal is not null && bundles.Count == 0)
        {
            throw new BadInputException([new Problem(ApiProblem.Address, "deal", $"The run's portfolio has no deal '{deal}'.")]);
        }

        foreach ((PlanStage stage, StageDecisions decided) in plan.Stages.Zip(decisions.Stages))
        {
            if (deal is not null && stage.Kind != RollupStage.Map)
            {
                continue;
            }

            List<ReasonView> reasons = [];
            foreach ((string reason, string jobs) in decided.Reasons.OrderBy(reason => reason.Key, StringComparer.Ordinal))
            {
                int[] concerned = [.. JobRanges.Parse(jobs).Where(job => deal is null || bundles.Contains(plan.MapJobAt(stage.Level, job).Bundle))];
                if (concerned.Length > 0)
                {
                    reasons.Add(new ReasonView(reason, JobReason.InWords[reason], concerned.Length, JobRanges.Format(concerned), plan.NameOf(stage, concerned[0])));
                }
            }

            if (reasons.Count > 0)
            {
                yield return new StageDecisionsView(decided.Name, decided.Level, reasons.Sum(reason => reason.Count), reasons);
            }
        }
    }
}

/// <summary>Why jobs of a run were run, or were not.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Deal">The deal that was asked for; null for all jobs.</param>
/// <param name="Stages">Stage by stage.</param>
public sealed record DecisionsView(string RunId, string? Deal, IReadOnlyList<StageDecisionsView> Stages);

/// <summary>Why jobs of a stage were run, or were not.</summary>
/// <param name="Name"><c>map</c>, <c>reduce</c> or <c>report</c>.</param>
/// <param name="Level">Level of a map stage.</param>
/// <param name="Jobs">Number of jobs.</param>
/// <param name="Reasons">Reason by reason.</param>
public sealed record StageDecisionsView(string Name, int Level, int Jobs, IReadOnlyList<ReasonView> Reasons);

/// <summary>Jobs that have a reason.</summary>
/// <param name="Reason">One of <see cref="JobReason"/>.</param>
/// <param name="Meaning">In a sentence.</param>
/// <param name="Count">Number of jobs.</param>
/// <param name="Jobs">Their numbers in the stage, <c>0-99,102</c>.</param>
/// <param name="Example">The first of them, by name.</param>
public sealed record ReasonView(string Reason, string Meaning, int Count, string Jobs, string Example);
