using System.Globalization;
using System.IO.Hashing;
using System.Text;
using System.Xml;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace ModelAtlas.Web.Display;

/// <param name="Id">Stays the same as long as the entry says the same.</param>
internal sealed record AtomEntry(string Id, string Title, string Path, DateTime Updated, string Summary);

/// <summary>An Atom feed (RFC 4287).</summary>
internal static class AtomFeed
{
    private const string MediaType = "application/atom+xml; charset=utf-8";
    private const string Atom = "http://www.w3.org/2005/Atom";

    /// <summary>The feed with its tag and the time of its newest entry, so that who asks again for the same is told so without it.</summary>
    public static FileContentHttpResult Answer(string title, string origin, string self, string page, IReadOnlyList<AtomEntry> entries)
    {
        var feed = Write(title, origin, self, page, entries);
        var newest = entries.Select(entry => (DateTimeOffset?)DateTime.SpecifyKind(entry.Updated, DateTimeKind.Utc)).DefaultIfEmpty(null).Max();
        return TypedResults.Bytes(feed, MediaType, lastModified: newest, entityTag: new EntityTagHeaderValue($"\"{XxHash64.HashToUInt64(feed):x16}\"", isWeak: true));
    }

    /// <param name="origin">Scheme and host of the site.</param>
    /// <param name="self">Address of the feed below it.</param>
    /// <param name="page">Address of the page that shows the same.</param>
    private static byte[] Write(string title, string origin, string self, string page, IReadOnlyList<AtomEntry> entries)
    {
        using var stream = new MemoryStream();
        using (var xml = XmlWriter.Create(stream, new() { Encoding = new UTF8Encoding(false), CheckCharacters = true }))
        {
            xml.WriteStartElement("feed", Atom);
            xml.WriteElementString("title", Atom, Plain(title));
            xml.WriteElementString("id", Atom, origin + self);
            xml.WriteElementString("updated", Atom, Date(entries.Select(entry => entry.Updated).DefaultIfEmpty(DateTime.UnixEpoch).Max()));
            Link(xml, "self", origin + self);
            Link(xml, "alternate", origin + page);
            xml.WriteStartElement("author", Atom);
            xml.WriteElementString("name", Atom, "ModelAtlas");
            xml.WriteEndElement();
            foreach (var entry in entries)
            {
                xml.WriteStartElement("entry", Atom);
                xml.WriteElementString("title", Atom, Plain(entry.Title));
                xml.WriteElementString("id", Atom, origin + entry.Id);
                xml.WriteElementString("updated", Atom, Date(entry.Updated));
                Link(xml, "alternate", origin + entry.Path);
                xml.WriteElementString("summary", Atom, Plain(entry.Summary));
                xml.WriteEndElement();
            }
            xml.WriteEndElement();
        }
        return stream.ToArray();
    }

    private static void Link(XmlWriter xml, string relation, string href)
    {
        xml.WriteStartElement("link", Atom);
        xml.WriteAttributeString("rel", relation);
        xml.WriteAttributeString("href", href);
        xml.WriteEndElement();
    }

    /// <summary>Names and summaries are others' words: what turns or hides letters is shown as an escape, as on pages.</summary>
    private static string Plain(string text) => string.Concat(PlainText.Visible(PlainText.Clean(text), isName: false).Select(piece => piece.Text));

    private static string Date(DateTime time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
