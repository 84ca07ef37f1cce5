using System.Buffers;
using System.IO.Pipelines;
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
        v1.MapGet("/models", ListModelsAsync).WithName("V1Models").WithSummary("Models that can be asked here; the first can run now");
        v1.MapGet("/models/{**id}", FindModelAsync).WithName("V1Model").WithSummary("One of them");
        v1.MapPost("/chat/completions", (HttpContext context, Desk desk) => desk.AnswerAsync(context, chats: true)).WithName("V1ChatCompletions").WithSummary("The next message of a chat, streamed or whole");
        v1.MapPost("/completions", (HttpContext context, Desk desk) => desk.AnswerAsync(context, chats: false)).WithName("V1Completions").WithSummary("How a text goes on, streamed or whole");
        v1.MapFallback("{**path}", (Delegate)Unknown);
    }

    private static IResult Unknown(HttpContext context) => throw new ApiException(404, $"{context.Request.Method} {context.Request.Path} is not known here.", code: "unknown_url");

    private static async Task<IResult> ListModelsAsync(HttpContext context, ServedModels models, Asker asker)
    {
        await AskAsync(context, asker, null);
        return TypedResults.Json(new ModelListAnswer([.. (await models.ListAsync(context.RequestAborted)).Select(Of)]), OpenAiJson.Default.ModelListAnswer);
    }

    private static async Task<IResult> FindModelAsync(string id, HttpContext context, ServedModels models, Asker asker)
    {
        await AskAsync(context, asker, null);
        return TypedResults.Json(Of(await FindAsync(models, Uri.UnescapeDataString(id), context.RequestAborted)), OpenAiJson.Default.ModelAnswer);
    }

    private static ModelAnswer Of(ServedModel model) => new(model.Id, model.Since.ToUnixTimeSeconds(), model.Id.Split('/')[0]);

    private static async Task<ServedModel> FindAsync(ServedModels models, string name, CancellationToken cancellationToken) =>
        await models.FindAsync(name, cancellationToken) ?? throw new ApiException(404, $"The model \"{(name.Length > 200 ? name[..200] : name)}\" is not here: GET /v1/models lists those that are.", "model", "model_not_found");

    private static async Task<string> AskAsync(HttpContext context, Asker asker, string? user)
    {
        if (!Asker.IsFromHere(context.Request)) throw new ApiException(403, "Another site may not ask in your name.", code: "foreign_origin");
        return await asker.OfAsync(context, user) ?? throw new ApiException(401, "Sign in, or give an API key, to use the models of this site.", code: "invalid_api_key");
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
    internal sealed class Desk(ServedModels models, TextDesk texts, Terms terms, Asker asker, IOptions<PlaygroundOptions> limits, TimeProvider clock)
    {
        private const int Compared = 2;

        public async Task<IResult> AnswerAsync(HttpContext context, bool chats)
        {
            await AskAsync(context, asker, null);
            using var body = await ReadAsync(context);
            var reader = new OrderReader(body.RootElement, limits.Value);
            var order = await OrderAsync(reader, chats, context.RequestAborted);
            var person = await AskAsync(context, asker, reader.User);
            await CheckAsync(order.Model, person, context.RequestAborted);
            var steps = texts.MakeAsync(order, person, context.RequestAborted);
            var answers = new AnswerWriter(order, clock.GetUtcNow().ToUnixTimeSeconds(), chats);
            if (reader.Streams) return await StreamAsync(context, steps, answers, reader.WithUsage);
            List<TextStep> all = [];
            await foreach (var step in steps) all.Add(step);
            return TypedResults.Json(answers.Whole(all), OpenAiJson.Default.CompletionAnswer);
        }

        /// <summary>An order that came from a page: a chat when it has messages.</summary>
        /// <param name="owner">Who may have accepted terms.</param>
        public async Task<TextOrder> OrderAsync(HttpContext context, string owner)
        {
            using var body = await ReadAsync(context);
            return await OrderAsync(body.RootElement, owner, context.RequestAborted);
        }

        /// <summary>The orders of a comparison. What is wrong with one of them is told of <c>runs[0]</c> or <c>runs[1]</c>.</summary>
        public async Task<IReadOnlyList<TextOrder>> OrdersAsync(HttpContext context, string owner)
        {
            using var body = await ReadAsync(context, Compared);
            if (!body.RootElement.TryGetProperty("runs", out var runs) || runs.ValueKind != JsonValueKind.Array || runs.GetArrayLength() != Compared || runs.EnumerateArray().Any(run => run.ValueKind != JsonValueKind.Object))
                throw new ApiException(400, $"runs has to be a list of {Compared} requests.", "runs");
            List<TextOrder> orders = [];
            foreach (var (at, run) in runs.EnumerateArray().Index())
                try
                {
                    orders.Add(await OrderAsync(run, owner, context.RequestAborted));
                }
                catch (ApiException refused)
                {
                    throw new ApiException(refused.Status, refused.Message, $"runs[{at}].{refused.Field}", refused.Code);
                }
            return orders;
        }

        private async Task<TextOrder> OrderAsync(JsonElement body, string owner, CancellationToken cancellationToken)
        {
            var order = await OrderAsync(new OrderReader(body, limits.Value), body.TryGetProperty("messages", out _), cancellationToken);
            await CheckAsync(order.Model, owner, cancellationToken);
            return order;
        }

        private async Task CheckAsync(ServedModel model, string person, CancellationToken cancellationToken)
        {
            if (model.IsBuiltIn) return;
            if (!await terms.IsAllowedAsync(model.Id, cancellationToken)) throw new ApiException(403, "Whoever runs this site does not let models of this class run here.", "model", "class_not_allowed");
            if (await terms.OfAsync(model.Id, cancellationToken) is { } asked && !await terms.AreAcceptedAsync(person, asked, cancellationToken))
                throw new ApiException(403, $"{model.Id} is under {asked.Name}: read it at /licenses/{asked.Key} and accept its terms in the playground first.", "model", "terms_required");
        }

        private async Task<TextOrder> OrderAsync(OrderReader reader, bool chats, CancellationToken cancellationToken)
        {
            var model = await FindAsync(models, reader.ModelName, cancellationToken);
            return chats ? reader.Chat(model) : reader.Completion(model);
        }

        private async Task<JsonDocument> ReadAsync(HttpContext context, int orders = 1)
        {
            var longest = limits.Value.LongestRequest * orders;
            if (!context.Request.HasJsonContentType()) throw new ApiException(415, "The request has to be JSON: set Content-Type to application/json.");
            if (context.Request.ContentLength > longest) throw new ApiException(413, $"The request is longer than {longest} bytes: shorten the prompt.", code: "request_too_large");
            if (context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = longest;
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
            var chunk = await NextAsync(); // a refusal still gets a status of its own
            context.Response.ContentType = "text/event-stream";
            context.Response.Headers.CacheControl = "no-store";
            context.Response.Headers["X-Accel-Buffering"] = "no";
            try
            {
                for (; chunk is not null; chunk = await NextAsync()) await SendAsync(context, JsonSerializer.SerializeToUtf8Bytes(chunk, OpenAiJson.Default.CompletionAnswer));
                if (withUsage) await SendAsync(context, JsonSerializer.SerializeToUtf8Bytes(answers.UsageChunk(), OpenAiJson.Default.CompletionAnswer));
                await SendAsync(context, "[DONE]"u8);
            }
            catch (Exception failure) when (Error(failure) is { } error)
            {
                await SendAsync(context, JsonSerializer.SerializeToUtf8Bytes(new ErrorAnswer(new(error.Message, error.Type, error.Field, error.Code)), OpenAiJson.Default.ErrorAnswer));
            }
            return TypedResults.Empty;

            async ValueTask<CompletionAnswer?> NextAsync()
            {
                while (await rest.MoveNextAsync())
                    if (answers.Chunk(rest.Current) is { } next) return next;
                return null;
            }
        }

        /// <summary>One event, on its way at once.</summary>
        private static ValueTask<FlushResult> SendAsync(HttpContext context, ReadOnlySpan<byte> data)
        {
            var body = context.Response.BodyWriter;
            body.Write("data: "u8);
            body.Write(data);
            body.Write("\n\n"u8);
            return body.FlushAsync(context.RequestAborted);
        }
    }
}
