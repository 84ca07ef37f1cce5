using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ModelAtlas.Web.Review.Migrations
{
    /// <inheritdoc />
    public partial class OverridesKnowTheHubsIdentity : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_override_repo_id_live",
                schema: "review",
                table: "override");

            migrationBuilder.AddColumn<string>(
                name: "hub_id",
                schema: "review",
                table: "override",
                type: "text",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "ix_override_hub_id",
                schema: "review",
                table: "override",
                column: "hub_id");

            migrationBuilder.CreateIndex(
                name: "ix_override_repo_id_live",
                schema: "review",
                table: "override",
                columns: new[] { "repo_id", "hub_id" },
                unique: true,
                filter: "ended_at IS NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_override_hub_id",
                schema: "review",
                table: "override");

            migrationBuilder.DropIndex(
                name: "ix_override_repo_id_live",
                schema: "review",
                table: "override");

            migrationBuilder.DropColumn(
                name: "hub_id",
                schema: "review",
                table: "override");

            migrationBuilder.CreateIndex(
                name: "ix_override_repo_id_live",
                schema: "review",
                table: "override",
                column: "repo_id",
                unique: true,
                filter: "ended_at IS NULL");
        }
    }
}
