namespace RiskDurable.Embedded.Worker;

/// <summary>Addresses under which an orchestration can be watched and steered.</summary>
public class HttpManagementPayload
{
    /// <summary>The instance's id.</summary>
    public string? Id { get; internal set; }

    /// <summary>GET: its status.</summary>
    public string? StatusQueryGetUri { get; internal set; }

    /// <summary>POST: an external event; <c>{eventName}</c> is to be replaced.</summary>
    public string? SendEventPostUri { get; internal set; }

    /// <summary>POST: terminate; <c>{{text}}</c> is to be replaced by the reason.</summary>
    public string? TerminatePostUri { get; internal set; }

    /// <summary>Always null: this host does not rewind.</summary>
    public string? RewindPostUri { get; internal set; }

    /// <summary>DELETE: purge.</summary>
    public string? PurgeHistoryDeleteUri { get; internal set; }

    /// <summary>Always null, as on the real host: restart goes through the client.</summary>
    public string? RestartPostUri { get; internal set; }

    /// <summary>POST: suspend; <c>{{text}}</c> is to be replaced by the reason.</summary>
    public string? SuspendPostUri { get; internal set; }

    /// <summary>POST: resume; <c>{{text}}</c> is to be replaced by the reason.</summary>
    public string? ResumePostUri { get; internal set; }
}
