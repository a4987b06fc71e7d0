namespace RiskDurable.Embedded.Engine;

/// <inheritdoc/>
internal sealed class StoredValues(EngineRuntime engine) : KeyValues
{
    public override Task<string?> GetAsync(string key, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        return Task.FromResult(engine.State.Reader.Read(read => read.Value(key)));
    }

    public override Task SetAsync(string key, string? value, CancellationToken cancellation = default) => engine.State.Writer.WriteAsync(
        statements => statements.SetValue(key, value),
        committed: null,
        cancellation);
}
