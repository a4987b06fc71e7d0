using RiskDurable.Execution.Packing;
using RiskDurable.Execution.Storage;
using RiskDurable.Kernel;
using RiskDurable.Portfolio;
using RiskDurable.Portfolio.Model;

namespace RiskDurable.Execution.Planning;

/// <summary>
/// What a rollup has to do: its jobs and their keys. A pure function of the manifest, the deals and the settings, so that whoever runs
/// a job works the plan out again and nothing large is passed around; who only looks jobs up reads an <see cref="ExecutionPlan"/>.
/// </summary>
/// <remarks>
/// <para>map: a bundle over a block, level by level. reduce: a block. report: a group of nodes over all blocks.</para>
/// <para>A key hashes the kernel's version and everything that the job's output depends on, and nothing else.</para>
/// </remarks>
public sealed class RollupPlan
{
    // Keys are asked for again and again, those of map jobs by each key that hashes them. Two threads may work out the same one: it is the same.
    private readonly string?[] _mapHashes;
    private readonly string?[] _yearsHashes;
    private readonly string?[] _reduceHashes;
    private readonly string?[] _reportHashes;
    private readonly int[][] _bundlesOfLevel;
    private readonly Lazy<NodeIndex> _nodes;

    private RollupPlan(PortfolioManifest manifest, RollupSettings settings, Hierarchy hierarchy, IReadOnlyList<Bundle> bundles)
    {
        Manifest = manifest;
        Settings = settings;
        Hierarchy = hierarchy;
        Bundles = bundles;
        Groups = ReportPlanner.Plan(manifest, hierarchy, bundles, settings);
        _nodes = new Lazy<NodeIndex>(() => new NodeIndex(Groups));
        _bundlesOfLevel = [.. bundles.GroupBy(bundle => bundle.Level).OrderBy(level => level.Key).Select(level => level.Select(bundle => bundle.Index).ToArray())];
        int blocks = manifest.Blocks.Count;
        _mapHashes = new string?[bundles.Count * blocks];
        _yearsHashes = new string?[bundles.Count * blocks];
        _reduceHashes = new string?[blocks];
        _reportHashes = new string?[Groups.Count];
        Stages =
        [
            .. _bundlesOfLevel.Select((ofLevel, level) => new PlanStage(level, RollupStage.Map, level, ofLevel.Length * blocks)),
            new PlanStage(_bundlesOfLevel.Length, RollupStage.Reduce, 0, blocks),
            new PlanStage(_bundlesOfLevel.Length + 1, RollupStage.Report, 0, Groups.Count),
        ];
    }

    /// <summary>The packed portfolio.</summary>
    public PortfolioManifest Manifest { get; }

    /// <summary>What is asked.</summary>
    public RollupSettings Settings { get; }

    /// <summary>The hierarchy above the deals.</summary>
    public Hierarchy Hierarchy { get; }

    /// <summary>The bundles, by level, then by bucket.</summary>
    public IReadOnlyList<Bundle> Bundles { get; }

    /// <summary>The groups of nodes that report jobs work out.</summary>
    public IReadOnlyList<ReportGroup> Groups { get; }

    /// <summary>The nodes by path.</summary>
    public NodeIndex Nodes => _nodes.Value;

    /// <summary>
    /// The stages in the order in which they run: a level of map jobs after another, as each needs the recoveries of lower ones, then reduce,
    /// then report.
    /// </summary>
    public IReadOnlyList<PlanStage> Stages { get; }

    /// <summary>Works out the plan.</summary>
    /// <param name="manifest">The packed portfolio.</param>
    /// <param name="deals">Its deals, by ordinal id.</param>
    /// <param name="settings">What is asked.</param>
    public static RollupPlan Create(PortfolioManifest manifest, IReadOnlyList<Deal> deals, RollupSettings settings)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentNullException.ThrowIfNull(deals);
        ArgumentNullException.ThrowIfNull(settings);
        var hierarchy = new Hierarchy(deals.Select(deal => NodePath.ForTags(manifest.Rollup, deal.Tags)));
        return new RollupPlan(manifest, settings, hierarchy, new BundlePlanner(manifest, deals, hierarchy, settings.Sampling).Plan());
    }

    /// <summary>
    /// The bundle and the block of a map job. Jobs are numbered block by block, so that those which run at the same time share one block, or two.
    /// </summary>
    /// <param name="level">Its level.</param>
    /// <param name="job">Its number in the stage.</param>
    public (int Bundle, int Block) MapJobAt(int level, int job) =>
        (_bundlesOfLevel[level][job % _bundlesOfLevel[level].Length], job / _bundlesOfLevel[level].Length);

    /// <summary>Everything that a job writes.</summary>
    /// <param name="stage">The job's stage.</param>
    /// <param name="job">Its number in the stage.</param>
    public IReadOnlyList<ObjectKey> OutputsOf(PlanStage stage, int job)
    {
        ArgumentNullException.ThrowIfNull(stage);
        switch (stage.Kind)
        {
            case RollupStage.Map:
                (int bundle, int block) = MapJobAt(stage.Level, job);
                return [.. new ObjectKey?[] { MapKey(bundle, block), YearsKey(bundle, block), RecoveriesKey(bundle, block) }.OfType<ObjectKey>()];
            case RollupStage.Reduce:
                return [ReduceKey(job)];
            default:
                return [ReportKey(job)];
        }
    }

    /// <summary>A job's name, for people.</summary>
    /// <param name="stage">The job's stage.</param>
    /// <param name="job">Its number in the stage.</param>
    public string NameOf(PlanStage stage, int job)
    {
        ArgumentNullException.ThrowIfNull(stage);
        switch (stage.Kind)
        {
            case RollupStage.Map:
                (int bundle, int block) = MapJobAt(stage.Level, job);
                return FormattableString.Invariant($"map: bundle {bundle} (level {stage.Level}, {Bundles[bundle].Deals.Count} deals from {Bundles[bundle].Deals[0].Deal.Id}), block {block}");
            case RollupStage.Reduce:
                return FormattableString.Invariant($"reduce: block {job}");
            default:
                return FormattableString.Invariant($"report: {Groups[job].Nodes.Count} nodes from {Groups[job].Nodes[0].Path}");
        }
    }

    /// <summary>The output of a map job: losses of leaves by occurrence.</summary>
    /// <param name="bundle">Number of the bundle.</param>
    /// <param name="block">Number of the trial block.</param>
    public ObjectKey MapKey(int bundle, int block)
    {
        return new ObjectKey(ObjectKind.Map, _mapHashes[(bundle * Manifest.Blocks.Count) + block] ??= Work());

        string Work()
        {
            using KeyHash hash = Start("leaves").Add(Bundles[bundle].ContentHash).Add(Manifest.Blocks[block].Hash);
            return hash.Finish();
        }
    }

    /// <summary>The output of a map job where results go as deep as deals, or null: year losses of deals and layers.</summary>
    /// <param name="bundle">Number of the bundle.</param>
    /// <param name="block">Number of the trial block.</param>
    /// <remarks>An object of its own: where tags alone are reported it would be most of what is written, and nobody would read it.</remarks>
    public ObjectKey? YearsKey(int bundle, int block)
    {
        if (Settings.Depth < ReportDepth.Deals)
        {
            return null;
        }

        return new ObjectKey(ObjectKind.Years, _yearsHashes[(bundle * Manifest.Blocks.Count) + block] ??= Work());

        string Work()
        {
            using KeyHash hash = Start("years").Add(Bundles[bundle].ContentHash).Add(Manifest.Blocks[block].Hash);
            return hash.Finish();
        }
    }

    /// <summary>The output of a map job whose bundle has exports, or null: their recoveries by occurrence.</summary>
    /// <param name="bundle">Number of the bundle.</param>
    /// <param name="block">Number of the trial block.</param>
    /// <remarks>A key of its own: a deal that begins to refer to another one must not change the other one's job key.</remarks>
    public ObjectKey? RecoveriesKey(int bundle, int block)
    {
        if (Bundles[bundle].ExportHash is not { } exports)
        {
            return null;
        }

        using KeyHash hash = Start("recoveries").Add(exports).Add(Manifest.Blocks[block].Hash);
        return new ObjectKey(ObjectKind.Recoveries, hash.Finish());
    }

    /// <summary>The output of a reduce job: year losses of the nodes above the deals, and the root's losses by occurrence.</summary>
    /// <param name="block">Number of the trial block.</param>
    public ObjectKey ReduceKey(int block)
    {
        return new ObjectKey(ObjectKind.Reduce, _reduceHashes[block] ??= Work());

        string Work()
        {
            using KeyHash hash = Start("reduce").Add(Manifest.Rollup.Count);
            foreach (string currency in Bundles.SelectMany(bundle => bundle.Leaves).Select(leaf => leaf.Currency).Distinct().Order(StringComparer.Ordinal))
            {
                hash.Add(currency).Add(Manifest.Fx[currency]);
            }

            for (int bundle = 0; bundle < Bundles.Count; bundle++)
            {
                hash.Add(MapKey(bundle, block).Hash);
            }

            return hash.Finish();
        }
    }

    /// <summary>The output of a report job: metrics of a group's nodes.</summary>
    /// <param name="group">Number of the group.</param>
    public ObjectKey ReportKey(int group)
    {
        return new ObjectKey(ObjectKind.Report, _reportHashes[group] ??= HashOfReport(group));
    }

    /// <summary>The outputs of one block that a report job reads.</summary>
    /// <param name="group">Number of the group.</param>
    /// <param name="block">Number of the trial block.</param>
    public IEnumerable<ObjectKey> SourcesOf(int group, int block) => SourceBundlesOf(group).Select(bundle => SourceKey(bundle, block));

    /// <summary>The object that holds year losses of a block.</summary>
    /// <param name="bundle">Number of the bundle; -1 for the nodes above the deals.</param>
    /// <param name="block">Number of the trial block.</param>
    public ObjectKey SourceKey(int bundle, int block) => bundle < 0 ? ReduceKey(block) : YearsKey(bundle, block)!.Value;

    private IEnumerable<int> SourceBundlesOf(int group) => Groups[group].Nodes
        .SelectMany(node => node.Parent is { } parent ? new[] { node.Losses.Bundle, parent.Bundle } : [node.Losses.Bundle])
        .Distinct();

    private string HashOfReport(int group)
    {
        using KeyHash hash = Start("report").Add(Manifest.Trials).Add(Manifest.Weights ?? "").Add(Settings.RankConvention.ToString());
        AddPeriods(hash, Settings.ReturnPeriods);
        AddPeriods(hash, Settings.ContributionPeriods);
        foreach (ReportNode node in Groups[group].Nodes)
        {
            hash.Add(node.Path.Text).Add(node.Name ?? "").Add(node.Sign);
            Add(hash, node.Losses);
            Add(hash, node.Parent ?? default);
            if (node.Layer is { } layer)
            {
                hash.Add(layer.Premium).Add(layer.Terms.OccurrenceLimit).Add(layer.Terms.AggregateLimit);
            }
        }

        int[] sources = [.. SourceBundlesOf(group)];
        for (int block = 0; block < Manifest.Blocks.Count; block++)
        {
            foreach (int bundle in sources)
            {
                hash.Add(SourceKey(bundle, block).Hash);
            }
        }

        return hash.Finish();
    }

    private KeyHash Start(string purpose)
    {
        KeyHash hash = new KeyHash(purpose).Add(KernelVersion.Current);
        return Settings.Sampling is { } sampling ? hash.Add("beta").Add(sampling.Seed) : hash.Add("mean");
    }

    private static void AddPeriods(KeyHash hash, IReadOnlyList<double> periods)
    {
        hash.Add(periods.Count);
        foreach (double period in periods)
        {
            hash.Add(period);
        }
    }

    private static void Add(KeyHash hash, LossSource source) =>
        hash.Add(source.Bundle < 0 ? "reduce" : "map").Add(source.Section).Add(source.Share).Add(source.Rate);
}
