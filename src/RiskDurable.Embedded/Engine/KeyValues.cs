namespace RiskDurable.Embedded.Engine;

/// <summary>Small durable values, such as a timer's last tick.</summary>
internal abstract class KeyValues
{
    /// <summary>A value; null if there is none.</summary>
    public abstract Task<string?> GetAsync(string key, CancellationToken cancellation = default);

    /// <summary>Sets a value, or deletes it when null; returns when that is safely stored.</summary>
    public abstract Task SetAsync(string key, string? value, CancellationToken cancellation = default);
}
