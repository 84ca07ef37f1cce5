using System.ComponentModel.DataAnnotations;

namespace ModelAtlas.Web.Playground;

/// <summary>Settings <c>Atlas:Playground</c>: who may generate, and how much.</summary>
internal sealed class PlaygroundOptions
{
    public const string Section = "Atlas:Playground";

    /// <summary>Whether people who did not sign in may generate; unset = only while the site listens on this machine alone and has no public name.</summary>
    public bool? OpenToAll { get; set; }

    /// <summary>Classes whose models may run here, separated by commas: <c>open-source, open-weights, unknown</c>; unset = all.</summary>
    public string? Classes { get; set; }

    /// <summary>Texts that are generated at the same time, of all people together.</summary>
    [Range(1, 64)]
    public int AtOnce { get; set; } = 8;

    /// <summary>Requests of one person that run at the same time.</summary>
    [Range(1, 64)]
    public int RunningEach { get; set; } = 1;

    /// <summary>Requests of one person that wait.</summary>
    [Range(0, 64)]
    public int WaitingEach { get; set; } = 2;

    /// <summary>Requests that wait, of all people together.</summary>
    [Range(0, 1024)]
    public int Waiting { get; set; } = 32;

    /// <summary>Bytes of a request: prompt, messages and all.</summary>
    [Range(1024, 16 * 1024 * 1024)]
    public int LongestRequest { get; set; } = 200_000;

    [Range(1, 1_000_000)]
    public int MostNewTokens { get; set; } = 4_096;

    /// <summary>Texts of one request.</summary>
    [Range(1, 16)]
    public int MostTexts { get; set; } = 4;
}
