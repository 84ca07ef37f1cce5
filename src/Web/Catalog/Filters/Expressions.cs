using System.Linq.Expressions;

namespace ModelAtlas.Web.Catalog.Filters;

internal static class Expressions
{
    /// <summary>The second expression with the first in place of its parameter.</summary>
    public static Expression<Func<T, TResult>> Then<T, TMiddle, TResult>(this Expression<Func<T, TMiddle>> first, Expression<Func<TMiddle, TResult>> second) =>
        Expression.Lambda<Func<T, TResult>>(new Replace(second.Parameters[0], first.Body).Visit(second.Body), first.Parameters);

    public static Expression<Func<T, bool>> And<T>(this Expression<Func<T, bool>> left, Expression<Func<T, bool>> right) =>
        Expression.Lambda<Func<T, bool>>(Expression.AndAlso(left.Body, new Replace(right.Parameters[0], left.Parameters[0]).Visit(right.Body)), left.Parameters);

    /// <summary>The test with two expressions over one row in place of its parameters.</summary>
    public static Expression<Func<T, bool>> With<T, T1, T2>(this Expression<Func<T, T1>> first, Expression<Func<T, T2>> second, Expression<Func<T1, T2, bool>> test)
    {
        var other = new Replace(second.Parameters[0], first.Parameters[0]).Visit(second.Body);
        var body = new Replace(test.Parameters[1], other).Visit(new Replace(test.Parameters[0], first.Body).Visit(test.Body));
        return Expression.Lambda<Func<T, bool>>(body, first.Parameters);
    }

    private sealed class Replace(ParameterExpression parameter, Expression by) : ExpressionVisitor
    {
        protected override Expression VisitParameter(ParameterExpression node) => node == parameter ? by : node;
    }
}
