using System.Globalization;
using DuckDB.NET.Data;
using ModelAtlas.Web.Catalog.Index;

namespace ModelAtlas.Bench.Catalog;

/// <summary>The same rows in DuckDB, two threads.</summary>
internal static class DuckRun
{
    public static Figures Ask(string folder, HubShape hub, CatalogSnapshot index, IReadOnlyList<Question> questions, Report report)
    {
        var file = Path.Combine(folder, "duck.db");
        File.Delete(file); // of a run that was cut, it may be half full
        using var database = new DuckDBConnection($"Data Source={file};threads=2");
        database.Open();
        Fill(database, hub);
        var sql = new Sql(index,
            (column, number) => string.Create(CultureInfo.InvariantCulture, $"list_contains({column}, {number})"),
            word => $"contains(words, '{word.ToLowerInvariant()}')",
            where => $"SELECT language, count(*) FROM (SELECT unnest(language_ids) AS language FROM flat {where}) GROUP BY language");
        var figures = new Figures();
        foreach (var question in questions)
        {
            var start = CpuClock.ProcessMilliseconds;
            foreach (var query in new[] { sql.Page(question.View), sql.Facets(question.View), sql.Languages(question.View) }) Run(database, query);
            figures.Add(CpuClock.ProcessMilliseconds - start);
        }
        report.Add("the same from DuckDB on the same rows, CPU of both threads", "", figures.ToString());
        return figures;
    }

    private static void Fill(DuckDBConnection database, HubShape hub)
    {
        Run(database, """
            CREATE TABLE flat (id INTEGER, author VARCHAR, words VARCHAR, class SMALLINT, basis SMALLINT, license_id INTEGER, task_id INTEGER, library_id INTEGER, gating SMALLINT,
                language_ids INTEGER[], tag_ids INTEGER[], parameters BIGINT, created_at TIMESTAMP, modified_at TIMESTAMP, downloads BIGINT, likes INTEGER, trending INTEGER)
            """);
        using var appender = database.CreateAppender("flat");
        foreach (var row in hub.Rows())
            appender.CreateRow().AppendValue(row.Id).AppendValue(row.Name.Split('/')[0]).AppendValue($"{row.Name} {row.Summary}".ToLowerInvariant())
                .AppendValue(row.Class).AppendValue(row.Basis).AppendValue(row.License).AppendValue(row.Task).AppendValue(row.Library).AppendValue(row.Gating)
                .AppendValue(row.Languages).AppendValue(row.Tags).AppendValue(row.Parameters).AppendValue(row.Created).AppendValue(row.Updated)
                .AppendValue(row.Downloads).AppendValue(row.Likes).AppendValue(row.Trending).EndRow();
    }

    private static void Run(DuckDBConnection database, string query)
    {
        using var command = database.CreateCommand();
        command.CommandText = query;
        using var rows = command.ExecuteReader();
        while (rows.Read()) { }
    }
}
