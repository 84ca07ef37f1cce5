namespace ModelAtlas.Web.Webhooks;

/// <summary>An address that is told of changes.</summary>
public sealed class Webhook
{
    public int Id { get; init; }
    public required string Url { get; init; }

    /// <summary>Sealed with the site's keys: whoever reads the table cannot sign.</summary>
    public required byte[] Secret { get; init; }

    /// <summary>Ids of the kinds of changes it wants.</summary>
    public required string[] Kinds { get; init; }
    public required string MadeBy { get; init; }
    public DateTime MadeAt { get; init; }

    /// <summary>The last verdict it has been told of, or that it did not want to hear.</summary>
    public long Cursor { get; init; }

    /// <summary>The last verdict of a message that is on its way, so that it says the same when it is sent again.</summary>
    public long Until { get; init; }

    /// <summary>In a row, since the last one that arrived.</summary>
    public int Failures { get; init; }
    public DateTime NextAt { get; init; }

    /// <summary>Since when nothing is sent, and why; null while something is.</summary>
    public DateTime? OffSince { get; init; }
    public string? OffReason { get; init; }
}

/// <summary>One message that was sent, or could not be.</summary>
public sealed class WebhookDelivery
{
    public long Id { get; init; }
    public int WebhookId { get; init; }
    public DateTime At { get; init; }
    public bool IsTest { get; init; }
    public int Items { get; init; }
    public bool IsDone { get; init; }
    public required string Words { get; init; }
    public int Milliseconds { get; init; }
}
