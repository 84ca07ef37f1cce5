using ModelAtlas.Testing;

[assembly: AssemblyFixture(typeof(PostgresFixture))]
