using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Components.RenderTree;

#pragma warning disable BL0006 // The framework may change its frames in a later release; FlatTests compare what is written from them with what its own renderer writes.

namespace ModelAtlas.Web.Display;

/// <summary>
/// Markup of many small elements as one text, for what a page repeats often: a row, a list of links. The renderer keeps each element, attribute and text apart until the page is sent,
/// which costs it several times as much. The text is the one it would have sent itself.
/// </summary>
internal static class Flat
{
    private const int Usual = 8192; // characters

    private static readonly HashSet<string> Voids = new(StringComparer.OrdinalIgnoreCase) { "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr" };

    /// <summary>Elements whose content or value the renderer writes in a way of its own.</summary>
    private static readonly HashSet<string> Others = new(StringComparer.OrdinalIgnoreCase) { "form", "script", "select", "style", "textarea" };

    [ThreadStatic] private static RenderTreeBuilder? _tree;
    [ThreadStatic] private static char[]? _text;

    /// <exception cref="NotSupportedException">There is a component in it, or an element that needs the renderer.</exception>
    public static MarkupString Of(RenderFragment fragment)
    {
        var tree = _tree ?? new();
        var text = new Text(_text ?? new char[Usual]);
        (_tree, _text) = (null, null); // one inside another has its own
        fragment(tree);
        var frames = tree.GetFrames();
        Write(frames.Array.AsSpan(0, frames.Count), ref text);
        var written = text.ToString();
        tree.Clear();
        (_tree, _text) = (tree, text.Buffer);
        return new(written);
    }

    private static void Write(ReadOnlySpan<RenderTreeFrame> frames, ref Text text)
    {
        for (var at = 0; at < frames.Length;)
        {
            ref readonly var frame = ref frames[at];
            switch (frame.FrameType)
            {
                case RenderTreeFrameType.Markup:
                    text.Add(frame.MarkupContent);
                    at++;
                    break;
                case RenderTreeFrameType.Text:
                    text.AddEncoded(frame.TextContent);
                    at++;
                    break;
                case RenderTreeFrameType.Region:
                    at++; // what is inside follows
                    break;
                case RenderTreeFrameType.Element when !Others.Contains(frame.ElementName):
                    Element(frames.Slice(at, frame.ElementSubtreeLength), ref text);
                    at += frame.ElementSubtreeLength;
                    break;
                default:
                    throw new NotSupportedException($"{(frame.FrameType == RenderTreeFrameType.Element ? $"An element {frame.ElementName}" : frame.FrameType)} needs the renderer.");
            }
        }
    }

    private static void Element(ReadOnlySpan<RenderTreeFrame> frames, ref Text text)
    {
        var name = frames[0].ElementName;
        text.Add("<");
        text.Add(name);
        var at = 1;
        for (; at < frames.Length && frames[at].FrameType == RenderTreeFrameType.Attribute; at++)
        {
            text.Add(" ");
            text.Add(frames[at].AttributeName);
            if (frames[at].AttributeValue is true) continue;
            text.Add("=\"");
            text.AddEncoded(frames[at].AttributeValue as string ?? throw new NotSupportedException($"The value of {frames[at].AttributeName} needs the renderer."));
            text.Add("\"");
        }
        if (Voids.Contains(name))
        {
            text.Add(" />");
            return;
        }
        text.Add(">");
        Write(frames[at..], ref text);
        text.Add("</");
        text.Add(name);
        text.Add(">");
    }

    private ref struct Text(char[] buffer)
    {
        private int _length;

        public char[] Buffer { get; private set; } = buffer;

        public void Add(string piece)
        {
            if (Buffer.Length - _length < piece.Length) Grow(piece.Length);
            piece.CopyTo(Buffer.AsSpan(_length));
            _length += piece.Length;
        }

        public void AddEncoded(string piece)
        {
            var rest = piece.AsSpan();
            while (true)
            {
                _ = HtmlEncoder.Default.Encode(rest, Buffer.AsSpan(_length), out var read, out var written);
                _length += written;
                rest = rest[read..];
                if (rest.IsEmpty) return;
                Grow(Usual);
            }
        }

        public override readonly string ToString() => new(Buffer, 0, _length);

        private void Grow(int more)
        {
            var larger = new char[Math.Max(2 * Buffer.Length, _length + more)];
            Buffer.AsSpan(0, _length).CopyTo(larger);
            Buffer = larger;
        }
    }
}
