namespace ModelAtlas.Web.ModelPages.Parts;

/// <summary>A box of the drawing: a model at its place.</summary>
internal sealed record LineageBox(string RepoId, Catalog.CatalogRow? Model, int X, int Y, bool IsOwn = false, bool Binds = true);

internal sealed record LineageLine(string Path, bool Binds);

/// <summary>Where the boxes of a lineage go: bases to the left, generation by generation, what was made from the model to the right. The list beside it says the same and more.</summary>
internal sealed record LineageDrawing(IReadOnlyList<LineageBox> Boxes, IReadOnlyList<LineageLine> Lines, int Width, int Height, int Left)
{
    public const int BoxWidth = 210, BoxHeight = 46;
    private const int ColumnGap = 56, RowGap = 14, MostGenerations = 3, MostInColumn = 7;

    public static LineageDrawing Of(ModelDetail model, IReadOnlyList<Catalog.CatalogRow> derived)
    {
        var shown = model.Bases.Found.Where(ancestor => ancestor.Depth <= MostGenerations).GroupBy(ancestor => ancestor.Depth).ToDictionary(level => level.Key, level => level.DistinctBy(Name).Take(MostInColumn).ToList());
        var generations = shown.Keys.DefaultIfEmpty(0).Max();
        var children = derived.Take(MostInColumn).ToList();
        var rows = Math.Max(1, Math.Max(children.Count, shown.Values.Select(level => level.Count).DefaultIfEmpty(0).Max()));
        var height = (rows * (BoxHeight + RowGap)) - RowGap;
        int X(int column) => column * (BoxWidth + ColumnGap);
        int Y(int row, int count) => (height - ((count * (BoxHeight + RowGap)) - RowGap)) / 2 + (row * (BoxHeight + RowGap));

        var own = new LineageBox(model.Row.RepoId, model.Row, X(generations), Y(0, 1), IsOwn: true);
        List<LineageBox> boxes = [own];
        List<LineageLine> lines = [];
        Dictionary<(int Depth, string Name), LineageBox> places = [];
        for (var depth = 1; depth <= generations; depth++)
            foreach (var (row, ancestor) in shown.GetValueOrDefault(depth, []).Index())
            {
                var box = new LineageBox(Name(ancestor), ancestor.Model, X(generations - depth), Y(row, shown[depth].Count), Binds: ancestor.Binds);
                boxes.Add(places[(depth, box.RepoId)] = box);
                var child = depth == 1 || ancestor.Child is null ? own : places.GetValueOrDefault((depth - 1, ancestor.Child), own);
                lines.Add(Line(box, child, ancestor.Binds));
            }
        foreach (var (row, child) in children.Index())
        {
            var box = new LineageBox(child.RepoId, child, X(generations + 1), Y(row, children.Count));
            boxes.Add(box);
            lines.Add(Line(own, box, binds: true));
        }
        return new(boxes, lines, X(generations + (children is [] ? 0 : 1)) + BoxWidth, height, generations);
    }

    private static LineageLine Line(LineageBox from, LineageBox to, bool binds)
    {
        var (x, y, endX, endY) = (from.X + BoxWidth, from.Y + (BoxHeight / 2), to.X, to.Y + (BoxHeight / 2));
        var middle = (x + endX) / 2;
        return new(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"M{x} {y}C{middle} {y} {middle} {endY} {endX} {endY}"), binds);
    }

    private static string Name(Ancestor ancestor) => ancestor.Model?.RepoId ?? ancestor.RepoId;
}
