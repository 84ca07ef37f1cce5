using System.Text.Json;
using Microsoft.Extensions.Options;
using ModelAtlas.Inference.Models;
using ModelAtlas.Inference.Scheduling;

namespace ModelAtlas.Web.Playground.OpenAi;

/// <summary>The OpenAI protocol over the models of this machine: clients made for that service work with it unchanged.</summary>
internal static class OpenAiEndpoints
{
    public static void MapOpenAi(this IEndpointRouteBuilder routes)
    {
        var v1 = routes.MapGroup("/v1").WithTags("OpenAI-compatible").DisableAntiforgery().AddEndpointFilter(AnswerErrorsAsync);
        v1.MapGet("/models", ListModels).WithName("V1Models").WithSummary("Models that can be asked here; the first can run now");
        v1.MapGet("/models/{**id}", FindModel).WithName("V1Model").WithSummary("One of them");
        v1.MapPost("/chat/completions", (HttpContext context, Desk desk) => desk.AnswerAsync(context, chats: true)).WithName("V1ChatCompletions").WithSummary("The next message of a chat, streamed or whole");
        v1.MapPost("/completions", (HttpContext context, Desk desk) => desk.AnswerAsync(context, chats: false)).WithName("V1Completions").WithSummary("How a text goes on, streamed or whole");
        v1.MapFallback((HttpContext context) => Task.FromException<IResult>(new ApiException(404, $"{context.Request.Method} {context.Request.Path} is not known here.", code: "unknown_url")));
    }

    private static IResult ListModels(HttpContext context, ServedModels models, Asker asker)
    {
        Ask(context, asker, null);
        return TypedResults.Json(new ModelListAnswer([.. models.List().Select(Of)]), OpenAiJson.Default.ModelListAnswer);
    }

    private static IResult FindModel(string id, HttpContext context, ServedModels models, Asker asker)
    {
        Ask(context, asker, null);
        return TypedResults.Json(Of(Find(models, id)), OpenAiJson.Default.ModelAnswer);
    }

    private static ModelAnswer Of(ServedModel model) => new(model.Id, model.Since.ToUnixTimeSeconds(), model.Id.Split('/')[0]);

    private static ServedModel Find(ServedModels models, string name) =>
        models.Find(name) ?? throw new ApiException(404, $"The model \"{(name.Length > 200 ? name[..200] : name)}\" is not here: GET /v1/models lists those that are.", "model", "model_not_found");

    private static string Ask(HttpContext context, Asker asker, string? user)
    {
        if (!Asker.IsFromHere(context.Request)) throw new ApiException(403, "Another site may not ask in your name.", code: "foreign_origin");
        return asker.Of(context, user) ?? throw new ApiException(401, "Sign in, or give an API key, to use the models of this site.", code: "invalid_api_key");
    }

    internal static async ValueTask<object?> AnswerErrorsAsync(EndpointFilterInvocationContext call, EndpointFilterDelegate next)
    {
        try
        {
            return await next(call);
        }
        catch (Exception failure) when (Error(failure) is { } error && !call.HttpContext.Response.HasStarted)
        {
            if (error.Status == 429) call.HttpContext.Response.Headers.RetryAfter = "10";
            return TypedResults.Json(new ErrorAnswer(new(error.Message, error.Type, error.Field, error.Code)), OpenAiJson.Default.ErrorAnswer, statusCode: error.Status);
        }
    }

    /// <summary>Null for what is no affair of the caller.</summary>
    private static ApiException? Error(Exception failure) => failure switch
    {
        ApiException told => told,
        BusyException busy => new(429, busy.Message, code: "busy"),
        ModelRefusedException refused => new(400, refused.Message),
        HostFailedException failed => new(503, failed.Message, code: "model_failed"),
        BadHttpRequestException { StatusCode: 413 } => new(413, "The request is too long.", code: "request_too_large"),
        _ => null,
    };

    /// <summary>Takes one request from its bytes to the last of its answer.</summary>
    internal sealed class Desk(ServedModels models, TextDesk texts, Asker asker, IOptions<PlaygroundOptions> limits, TimeProvider clock)
    {
        public async Task<IResult> AnswerAsync(HttpContext context, bool chats)
        {
            Ask(context, asker, null);
            using var body = await ReadAsync(context);
            var reader = new OrderReader(body.RootElement, limits.Value);
            var order = Order(reader, chats);
            var steps = texts.MakeAsync(order, Ask(context, asker, reader.User), context.RequestAborted);
            var answers = new AnswerWriter(order, clock.GetUtcNow().ToUnixTimeSeconds(), chats);
            if (reader.Streams) return await StreamAsync(context, steps, answers, reader.WithUsage);
            List<TextStep> all = [];
            await foreach (var step in steps) all.Add(step);
            return TypedResults.Json(answers.Whole(all), OpenAiJson.Default.CompletionAnswer);
        }

        /// <summary>An order that came from a page: a chat when it has messages.</summary>
        public async Task<TextOrder> OrderAsync(HttpContext context)
        {
            using var body = await ReadAsync(context);
            return Order(new(body.RootElement, limits.Value), body.RootElement.TryGetProperty("messages", out _));
        }

        private TextOrder Order(OrderReader reader, bool chats) => Find(models, reader.ModelName) is var model && chats ? reader.Chat(model) : reader.Completion(model);

        private async Task<JsonDocument> ReadAsync(HttpContext context)
        {
            if (!context.Request.HasJsonContentType()) throw new ApiException(415, "The request has to be JSON: set Content-Type to application/json.");
            if (context.Request.ContentLength > limits.Value.LongestRequest) throw new ApiException(413, $"The request is longer than {limits.Value.LongestRequest} bytes: shorten the prompt.", code: "request_too_large");
            if (context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = limits.Value.LongestRequest;
            try
            {
                var body = await JsonDocument.ParseAsync(context.Request.Body, new() { MaxDepth = 32 }, context.RequestAborted);
                if (body.RootElement.ValueKind == JsonValueKind.Object) return body;
                body.Dispose();
                throw new ApiException(400, "The request has to be a JSON object.");
            }
            catch (JsonException broken)
            {
                throw new ApiException(400, $"The request is no JSON (line {broken.LineNumber + 1}).");
            }
        }

        private static async Task<IResult> StreamAsync(HttpContext context, IAsyncEnumerable<TextStep> steps, AnswerWriter answers, bool withUsage)
        {
            await using var rest = steps.GetAsyncEnumerator(context.RequestAborted);
            var any = await rest.MoveNextAsync(); // a refusal still gets a status of its own
            while (any && answers.Chunk(rest.Current) is null) any = await rest.MoveNextAsync();
            context.Response.ContentType = "text/event-stream";
            context.Response.Headers.CacheControl = "no-store";
            context.Response.Headers["X-Accel-Buffering"] = "no";
            try
            {
                for (; any; any = await rest.MoveNextAsync())
                    if (answers.Chunk(rest.Current) is { } chunk) await SendAsync(context, JsonSerializer.SerializeToUtf8Bytes(chunk, OpenAiJson.Default.CompletionAnswer));
                if (withUsage) await SendAsync(context, JsonSerializer.SerializeToUtf8Bytes(answers.UsageChunk(), OpenAiJson.Default.CompletionAnswer));
                await SendAsync(context, "[DONE]"u8.ToArray());
            }
            catch (Exception failure) when (Error(failure) is { } error)
            {
                await SendAsync(context, JsonSerializer.SerializeToUtf8Bytes(new ErrorAnswer(new(error.Message, error.Type, error.Field, error.Code)), OpenAiJson.Default.ErrorAnswer));
            }
            return TypedResults.Empty;
        }

        private static async Task SendAsync(HttpContext context, byte[] data)
        {
            await context.Response.Body.WriteAsync("data: "u8.ToArray(), context.RequestAborted);
            await context.Response.Body.WriteAsync(data, context.RequestAborted);
            await context.Response.Body.WriteAsync("\n\n"u8.ToArray(), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
    }
}
