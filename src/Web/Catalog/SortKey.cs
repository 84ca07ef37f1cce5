using System.Globalization;
using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using ModelAtlas.Web.Catalog.Filters;

namespace ModelAtlas.Web.Catalog;

/// <summary>
/// How the database orders models by a value, and how a cursor keeps the value where a page ended.
/// Rows without a value come last either way round, and the id decides between equals, so that no row is shown twice or left out.
/// </summary>
internal abstract class SortKey
{
    public static SortKey Number(Expression<Func<RankedModel, long?>> column, Func<CatalogRow, long?> shown) => new Of<long>(
        column.Then(value => value ?? long.MaxValue), column.Then(value => value ?? -1), (row, falling) => shown(row) ?? (falling ? -1 : long.MaxValue),
        value => value.ToString(CultureInfo.InvariantCulture),
        text => (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value), value));

    public static SortKey Time(Expression<Func<RankedModel, DateTime?>> column, Func<CatalogRow, DateTime?> shown)
    {
        var (first, last) = (DateTime.UnixEpoch, DateTime.UnixEpoch.AddYears(8000));
        return new Of<DateTime>(
            column.Then(value => value ?? last), column.Then(value => value ?? first), (row, falling) => shown(row) ?? (falling ? first : last),
            value => value.ToString("O", CultureInfo.InvariantCulture),
            text => (DateTime.TryParseExact(text, "O", CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var value) && value.Kind == DateTimeKind.Utc, value));
    }

    public static SortKey Text(Expression<Func<RankedModel, string>> column, Func<CatalogRow, string> shown) =>
        new Of<string>(column, column, (row, _) => shown(row), value => value, text => (true, text));

    public abstract IQueryable<RankedModel> Order(IQueryable<RankedModel> models, bool falling);

    /// <summary>Only the models that come after this place.</summary>
    public abstract IQueryable<RankedModel> After(IQueryable<RankedModel> models, bool falling, string value, int id);

    public abstract string Write(CatalogRow row, bool falling);

    public abstract bool CanRead(string value);

    private sealed class Of<T>(
        Expression<Func<RankedModel, T>> rising, Expression<Func<RankedModel, T>> falling, Func<CatalogRow, bool, T> shown,
        Func<T, string> write, Func<string, (bool Ok, T Value)> read) : SortKey
    {
        private static readonly Expression<Func<RankedModel, int>> Id = row => row.Model.Id;

        public override IQueryable<RankedModel> Order(IQueryable<RankedModel> models, bool isFalling) =>
            isFalling ? models.OrderByDescending(falling).ThenByDescending(Id) : models.OrderBy(rising).ThenBy(Id);

        public override IQueryable<RankedModel> After(IQueryable<RankedModel> models, bool isFalling, string value, int id)
        {
            var (last, lastId) = (read(value).Value, id);
            Expression<Func<T, int, bool>> test = isFalling
                ? (key, rowId) => EF.Functions.LessThan(ValueTuple.Create(key, rowId), ValueTuple.Create(last, lastId))
                : (key, rowId) => EF.Functions.GreaterThan(ValueTuple.Create(key, rowId), ValueTuple.Create(last, lastId));
            return models.Where((isFalling ? falling : rising).With(Id, test));
        }

        public override string Write(CatalogRow row, bool isFalling) => write(shown(row, isFalling));

        public override bool CanRead(string value) => read(value).Ok;
    }
}
