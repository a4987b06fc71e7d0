namespace RiskDurable.Embedded.Functions;

/// <summary>What starts a function.</summary>
internal enum TriggerKind
{
    Orchestration,
    Activity,
    Entity,
    Http,
    Timer,
    Queue,
}
