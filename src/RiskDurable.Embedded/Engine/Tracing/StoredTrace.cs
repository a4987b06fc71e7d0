using System.Diagnostics;

namespace RiskDurable.Embedded.Engine.Tracing;

/// <summary>
/// Where an orchestration belongs in a trace; stored with the instance, so that it belongs there after a restart as well. The id of its own span is
/// fixed when it is created: what it calls refers to that span long before the span ends.
/// </summary>
/// <param name="Parent">The span that it was created under.</param>
/// <param name="Own">Id of its own span.</param>
internal sealed record StoredTrace(ActivityContext Parent, ActivitySpanId Own)
{
    private const char Separator = ' ';

    /// <summary>Its own span, as the parent of others.</summary>
    public ActivityContext Context => new(Parent.TraceId, Own, Parent.TraceFlags, Parent.TraceState, isRemote: true);

    /// <summary>A place below a span.</summary>
    /// <param name="parent">The span; null for no place.</param>
    public static StoredTrace? Below(Activity? parent) => parent is { IdFormat: ActivityIdFormat.W3C } ? Below(parent.Context) : null;

    /// <summary>A place below a span.</summary>
    /// <param name="parent">The span.</param>
    public static StoredTrace Below(ActivityContext parent) => new(parent, ActivitySpanId.CreateRandom());

    /// <summary>The place as text: own span, <c>traceparent</c>, <c>tracestate</c>.</summary>
    public string Encode()
    {
        string parent = $"00-{Parent.TraceId.ToHexString()}-{Parent.SpanId.ToHexString()}-{(int)Parent.TraceFlags:x2}";
        return string.Join(Separator, Own.ToHexString(), parent, Parent.TraceState).TrimEnd();
    }

    /// <summary>Reads a place back; null where there is none, or none that can be read: a trace is worth no failure.</summary>
    /// <param name="text">As <see cref="Encode"/> writes it.</param>
    public static StoredTrace? Decode(string? text)
    {
        string[] parts = text?.Split(Separator, 3) ?? [];
        return parts.Length >= 2 && parts[0].Length == 16 && ActivityContext.TryParse(parts[1], parts.ElementAtOrDefault(2), isRemote: true, out ActivityContext parent)
            ? new StoredTrace(parent, ActivitySpanId.CreateFromString(parts[0]))
            : null;
    }
}
