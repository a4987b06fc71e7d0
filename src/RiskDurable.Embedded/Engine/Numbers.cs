namespace RiskDurable.Embedded.Engine;

/// <summary>Hands out numbers of rows, so that nobody has to ask the file for one.</summary>
internal sealed class Numbers((long Instance, long Payload, long Message) highest)
{
    private long _instance = highest.Instance;
    private long _payload = highest.Payload;
    private long _message = highest.Message;

    public long NextInstance() => Interlocked.Increment(ref _instance);

    public long NextPayload() => Interlocked.Increment(ref _payload);

    public long NextMessage() => Interlocked.Increment(ref _message);
}
