using ModelAtlas.Testing;
using ModelAtlas.Web.Health;

namespace ModelAtlas.Web.Tests.Health;

public sealed class SharedClockTests(PostgresFixture postgres)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(60)]
    [InlineData(-60)]
    public async Task JOB_12_A_machine_that_is_an_hour_off_goes_by_the_time_of_the_database_and_measures_spans_itself(int minutes)
    {
        var database = await postgres.MaintenanceDatabaseAsync();
        var machine = new ShiftedClock { Ahead = TimeSpan.FromMinutes(minutes) };
        var clock = new SharedClock(machine);
        var began = clock.GetTimestamp();
        Assert.InRange((clock.GetUtcNow() - TimeProvider.System.GetUtcNow()).TotalMinutes, minutes - 1, minutes + 1);

        await clock.AskAsync(database, Token);
        Assert.InRange((clock.GetUtcNow() - TimeProvider.System.GetUtcNow()).TotalSeconds, -5, 5); // this machine's is the database's here

        machine.Ahead = TimeSpan.Zero; // somebody has set it right
        await clock.AskAsync(database, Token);
        Assert.Equal(TimeSpan.Zero, clock.Ahead);
        Assert.InRange(clock.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromMinutes(1));
    }
}
