namespace RiskDurable.Embedded.Engine;

/// <summary>Ids of orchestrations share their space with those of entities, which start with an <c>@</c>.</summary>
internal static class InstanceIds
{
    public static bool IsEntity(string id) => id.StartsWith('@');

    /// <exception cref="ArgumentException">The id is empty or an entity's.</exception>
    public static void RefuseEntity(string id, string parameter)
    {
        ArgumentException.ThrowIfNullOrEmpty(id, parameter);
        if (IsEntity(id))
        {
            throw new ArgumentException($"Instance IDs of orchestrations must not start with '@', but got '{id}'.", parameter);
        }
    }
}
