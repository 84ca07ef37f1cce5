using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ModelAtlas.Web.Accounts.Migrations
{
    /// <inheritdoc />
    public partial class ExternalAccounts : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "external_id",
                schema: "accounts",
                table: "account",
                type: "character varying(512)",
                maxLength: 512,
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "ix_account_external_id",
                schema: "accounts",
                table: "account",
                column: "external_id",
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_account_external_id",
                schema: "accounts",
                table: "account");

            migrationBuilder.DropColumn(
                name: "external_id",
                schema: "accounts",
                table: "account");
        }
    }
}
