using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ModelAtlas.Domain.Data.Migrations
{
    /// <inheritdoc />
    public partial class CodeRepositories : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "code_repository",
                columns: table => new
                {
                    url = table.Column<string>(type: "text", nullable: false),
                    license_path = table.Column<string>(type: "text", nullable: true),
                    license_text = table.Column<string>(type: "text", nullable: true),
                    paths = table.Column<string[]>(type: "text[]", nullable: false),
                    issue = table.Column<string>(type: "text", nullable: true),
                    read_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_code_repository", x => x.url);
                });

            migrationBuilder.CreateTable(
                name: "model_code_visit",
                columns: table => new
                {
                    model_id = table.Column<int>(type: "integer", nullable: false),
                    visited_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_model_code_visit", x => x.model_id);
                    table.ForeignKey(
                        name: "fk_model_code_visit_model_model_id",
                        column: x => x.model_id,
                        principalTable: "model",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "code_repository");

            migrationBuilder.DropTable(
                name: "model_code_visit");
        }
    }
}
