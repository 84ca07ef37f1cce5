using System.Text;
using ModelAtlas.Ingest.HuggingFace;

namespace ModelAtlas.Bundle;

/// <summary>Base models that many name and no recorded answer knows: rows by hand, each fact with the page of its maker that says it.</summary>
internal static class Bases
{
    public static IEnumerable<HubModel> Read(string path)
    {
        foreach (var line in File.ReadLines(path))
        {
            List<string> issues = [];
            if (!HubModelReader.TryRead(Encoding.UTF8.GetBytes(line), trusted: true, out var model, issues, out var reason) || issues is [_, ..])
                throw new InvalidDataException($"{path}: {reason ?? string.Join(' ', issues)}");
            if (model.Atlas?.Observed is not { } day || model.Cited is not [_, ..] cited || cited.Any(item => !item.IsCited()))
                throw new InvalidDataException($"{path}: {model.Id} needs the day it was read and facts with the page of each.");
            yield return model with { Atlas = new(day, [$"pages of the makers, read by hand, {day:yyyy-MM-dd}"]) };
        }
    }
}
