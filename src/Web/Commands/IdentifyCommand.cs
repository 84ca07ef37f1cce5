using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using ModelAtlas.Domain.Licenses.Texts;

namespace ModelAtlas.Web.Commands;

internal static class IdentifyCommand
{
    public static Command Create()
    {
        var files = new Argument<string[]>("FILE") { Description = "Licence files.", Arity = ArgumentArity.OneOrMore };
        var command = new Command("identify", "Tell which known licence a file is: exact, altered (and what changed) or unknown. One JSON line per file.") { files };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var missing = 0;
            foreach (var file in parsed.GetRequiredValue(files))
            {
                try
                {
                    var match = LicenseTexts.Identify(await ReadAsync(file, cancellationToken));
                    await Console.Out.WriteLineAsync(Line(file, match));
                }
                catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
                {
                    missing++;
                    await Console.Error.WriteLineAsync($"{file} cannot be read: {failed.Message}");
                }
            }
            return missing is 0 ? 0 : 1;
        });
        return command;
    }

    /// <summary>One byte more than counts, so that a longer file shows as one.</summary>
    private static async Task<byte[]> ReadAsync(string path, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(path);
        var buffer = new byte[LicenseTexts.LongestFile + 1];
        var read = await file.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return buffer[..read];
    }

    private static string Line(string file, TextMatch match) => JsonSerializer.Serialize(
        new IdentifiedFile(file, match.License, match.Match.ToString().ToLowerInvariant(), match.Similarity, match.Changed),
        IdentifyJson.Readable.IdentifiedFile);
}

internal sealed record IdentifiedFile(string File, string? License, string Match, double Similarity, IReadOnlyList<string> Changed);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(IdentifiedFile))]
internal sealed partial class IdentifyJson : JsonSerializerContext
{
    public static readonly IdentifyJson Readable = new(new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
