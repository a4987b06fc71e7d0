namespace RiskDurable.Functions.Tests;

/// <summary>A clock that stands still until it is told to move.</summary>
internal sealed class FakeTime : TimeProvider
{
    public static DateTimeOffset Start { get; } = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public DateTimeOffset Now { get; set; } = Start;

    public override DateTimeOffset GetUtcNow() => Now;
}
