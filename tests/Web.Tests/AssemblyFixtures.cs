using ModelAtlas.Testing;
using ModelAtlas.Web.Tests.Site;

[assembly: AssemblyFixture(typeof(PostgresFixture))]
[assembly: AssemblyFixture(typeof(BrowserFixture))]
