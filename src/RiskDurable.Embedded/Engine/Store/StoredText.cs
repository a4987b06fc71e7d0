namespace RiskDurable.Embedded.Engine.Store;

/// <summary>A text in its place, or too large for it and kept as a payload.</summary>
/// <param name="Inline">The text; null if there is none or it is a payload.</param>
/// <param name="Payload">Number of the payload; 0 if it is in its place.</param>
internal readonly record struct StoredText(string? Inline, long Payload);

/// <summary>A large text to be stored, owned by an instance and deleted with it.</summary>
internal readonly record struct Payload(long Id, long Owner, string Text);
