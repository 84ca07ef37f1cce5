using System.Globalization;

namespace ModelAtlas.Web.Postgres;

/// <summary>What a running server says of itself in <c>postmaster.pid</c>: process, port, socket folder and state, one a line.</summary>
internal sealed record PostmasterFile(int ProcessId, int Port, string SocketFolder, bool Ready)
{
    public static string PathIn(string data) => Path.Combine(data, "postmaster.pid");

    /// <summary>Null when there is none, or it is only half written yet.</summary>
    public static PostmasterFile? Read(string data)
    {
        try
        {
            var lines = File.ReadAllLines(PathIn(data));
            return lines.Length >= 5 && Number(lines[0]) is { } pid && Number(lines[3]) is { } port
                ? new(pid, port, lines[4].Trim(), lines.Length >= 8 && lines[7].Trim() == "ready") : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Running, and in this folder: a process number can be given to a stranger after a restart of the machine.</summary>
    public bool IsServing(string data) => UnixProcess.IsAlive(ProcessId) && (UnixProcess.WorkingFolder(ProcessId) ?? data) == data;

    private static int? Number(string line) => int.TryParse(line.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
