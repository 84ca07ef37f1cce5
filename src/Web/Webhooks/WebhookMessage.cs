using System.Text.Json.Serialization;
using ModelAtlas.Web.Changes;

namespace ModelAtlas.Web.Webhooks;

/// <summary>What is posted, signed as it stands.</summary>
/// <param name="Event">changes or test.</param>
/// <param name="Id">The same when a message is sent again.</param>
/// <param name="Items">As <c>/api/v1/changes</c> has them, oldest first.</param>
internal sealed record WebhookMessage(string Event, string Id, DateTime SentAt, ChangeItem[] Items);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(WebhookMessage))]
internal sealed partial class WebhookJson : JsonSerializerContext;
