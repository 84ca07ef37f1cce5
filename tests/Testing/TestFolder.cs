using System.Diagnostics;
using ModelAtlas.Web.Postgres;

namespace ModelAtlas.Testing;

/// <summary>A temporary folder that is gone after the test. What a killed run left (a server that still runs in one included) goes when the next one starts.</summary>
public sealed class TestFolder : IAsyncDisposable
{
    private readonly FileStream _inUse;

    private TestFolder(string path, FileStream inUse) => (Path, _inUse) = (path, inUse);

    public string Path { get; }

    public static async Task<TestFolder> CreateAsync(string name)
    {
        var home = Directory.CreateDirectory(System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"modelatlas-tests-{Environment.UserName}")).FullName;
        await using (await FolderLock.TakeAsync(System.IO.Path.Combine(home, "lock"), CancellationToken.None))
        {
            foreach (var leftover in Directory.EnumerateDirectories(home)) await SweepAsync(leftover);
            var path = System.IO.Path.Combine(home, $"{name}-{Guid.NewGuid().ToString("n")[..8]}");
            Directory.CreateDirectory(path);
            return new(path, FolderLock.TryTake(path + ".lock") ?? throw new IOException($"{path}.lock is taken"));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _inUse.DisposeAsync();
        await SweepAsync(Path);
    }

    private static async Task SweepAsync(string folder)
    {
        await using (var unused = FolderLock.TryTake(folder + ".lock"))
        {
            if (unused is null) return;
            foreach (var data in Directory.EnumerateDirectories(folder, "pg*").Select(cluster => System.IO.Path.Combine(cluster, "data")))
                foreach (var pid in UnixProcess.WorkingIn(data).ToList())
                {
                    UnixProcess.Signal(pid, UnixSignal.Quit);
                    for (var tries = 0; tries < 100 && UnixProcess.IsAlive(pid); tries++) await Task.Delay(20);
                }
            await UnmountAsync(folder);
            await DeleteAsync(folder);
        }
        File.Delete(folder + ".lock");
    }

    /// <summary>A disk that a killed test had mounted would stop every later one.</summary>
    private static async Task UnmountAsync(string folder)
    {
        if (!File.Exists("/proc/mounts")) return;
        foreach (var line in await File.ReadAllLinesAsync("/proc/mounts"))
            if (line.Split(' ') is [_, var place, ..] && place.StartsWith(folder + "/", StringComparison.Ordinal))
                using (var umount = Process.Start("umount", ["-l", place])) await umount.WaitForExitAsync();
    }

    /// <summary>A server that has just been stopped may still write a last file while its folder goes.</summary>
    private static async Task DeleteAsync(string folder)
    {
        for (var tries = 0; ; tries++)
            try
            {
                Directory.Delete(folder, recursive: true);
                return;
            }
            catch (IOException) when (tries < 20)
            {
                await Task.Delay(100);
            }
    }
}
