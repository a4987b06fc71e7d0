using RiskDurable.Execution.Planning;
using RiskDurable.Execution.Running;
using RiskDurable.Execution.Storage;

namespace RiskDurable.Execution.Results;

/// <summary>Reads the results of single nodes from the outputs of report jobs.</summary>
/// <param name="store">Where the outputs are.</param>
/// <param name="plan">The plan.</param>
public sealed class NodeReports(IObjectStore store, RollupPlan plan)
{
    /// <summary>A node's results.</summary>
    /// <param name="node">The node.</param>
    /// <param name="group">Number of the report job that works it out.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="UnreadableObjectException">The job's output is missing or damaged.</exception>
    public async ValueTask<ReportedNode> ReadAsync(ReportNode node, int group, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(node);
        ObjectKey key = plan.ReportKey(group);
        IReadOnlyList<NodeReport> reports = await ReportJson.ReadAsync(store, key, cancellationToken).ConfigureAwait(false);
        return reports.FirstOrDefault(report => report.Node == node.Path.Text) is { } found
            ? ReportedNode.Of(found)
            : throw new UnreadableObjectException(key, $"it has no node {node.Path}");
    }
}
