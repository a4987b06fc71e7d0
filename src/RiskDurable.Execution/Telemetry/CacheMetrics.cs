using System.Diagnostics.Metrics;

namespace RiskDurable.Execution.Telemetry;

/// <summary>What is measured of the output cache.</summary>
public static class CacheMetrics
{
    private static readonly Counter<long> Lookups = RiskTelemetry.Meter.CreateCounter<long>("riskdurable.cache.lookups", "{key}", "Keys that runs asked for.");
    private static readonly Gauge<long> Keys = RiskTelemetry.Meter.CreateGauge<long>("riskdurable.cache.keys", "{key}", "Keys in the shards that were last asked.");
    private static readonly Gauge<long> ShardKeys = RiskTelemetry.Meter.CreateGauge<long>("riskdurable.cache.shard.keys", "{key}", "Keys in the fullest of these; 5,000 are 160 KB of state.");

    /// <summary>A run asked for keys.</summary>
    /// <param name="result"><c>hit</c>, <c>expired</c>, <c>unseen</c> or <c>unanswered</c>.</param>
    /// <param name="keys">How many.</param>
    public static void RecordLookups(string result, int keys)
    {
        if (keys > 0)
        {
            Lookups.Add(keys, new KeyValuePair<string, object?>("result", result));
        }
    }

    /// <summary>Shards answered.</summary>
    /// <param name="keys">Keys in all of them.</param>
    /// <param name="fullest">Keys in the fullest.</param>
    public static void RecordShards(long keys, long fullest)
    {
        Keys.Record(keys);
        ShardKeys.Record(fullest);
    }
}
