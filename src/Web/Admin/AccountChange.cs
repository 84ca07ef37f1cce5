using System.Globalization;
using ModelAtlas.Web.Accounts;

namespace ModelAtlas.Web.Admin;

/// <summary>What one button of the accounts table does: an action and an account, as one form value.</summary>
internal sealed record AccountChange(string Action, int Id, string Label)
{
    public string Value => $"{Action} {Id.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>For the audit.</summary>
    public string Done => Action is AccountRoles.Player or AccountRoles.Admin ? $"account made {Action}" : $"account {Action}d";

    /// <summary>It takes something away from somebody, so the name has to be typed.</summary>
    public bool Takes => Action is AccountRoles.Player or "disable";

    public static IEnumerable<AccountChange> For(AccountRow row) =>
    [
        row.Role is AccountRole.Admin ? new(AccountRoles.Player, row.Id, "Make player") : new(AccountRoles.Admin, row.Id, "Make admin"),
        row.Disabled ? new("enable", row.Id, "Enable") : new("disable", row.Id, "Disable"),
    ];

    public static AccountChange? Parse(string? value) =>
        value?.Split(' ') is [var action, var number]
        && action is (AccountRoles.Player or AccountRoles.Admin or "enable" or "disable")
        && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? new(action, id, "")
            : null;

    public Task<string?> ApplyAsync(AccountWriter accounts, CancellationToken cancellationToken) => AccountRoles.Find(Action) is { } role
        ? accounts.SetRoleAsync(Id, role, cancellationToken)
        : accounts.SetDisabledAsync(Id, Action == "disable", cancellationToken);
}
