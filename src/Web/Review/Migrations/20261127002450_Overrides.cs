using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace ModelAtlas.Web.Review.Migrations
{
    /// <inheritdoc />
    public partial class Overrides : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "override",
                schema: "review",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    repo_id = table.Column<string>(type: "text", nullable: false),
                    @class = table.Column<short>(name: "class", type: "smallint", nullable: true),
                    license_key = table.Column<string>(type: "text", nullable: true),
                    reason = table.Column<string>(type: "text", nullable: false),
                    made_by = table.Column<string>(type: "text", nullable: false),
                    made_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    expires_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    ended_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    ended_by = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_override", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "ix_override_repo_id_id",
                schema: "review",
                table: "override",
                columns: new[] { "repo_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_override_repo_id_live",
                schema: "review",
                table: "override",
                column: "repo_id",
                unique: true,
                filter: "ended_at IS NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "override",
                schema: "review");
        }
    }
}
