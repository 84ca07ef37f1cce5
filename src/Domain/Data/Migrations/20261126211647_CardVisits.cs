using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ModelAtlas.Domain.Data.Migrations
{
    /// <inheritdoc />
    public partial class CardVisits : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "license_path",
                table: "model_card",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "license_text",
                table: "model_card",
                type: "text",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "model_card_visit",
                columns: table => new
                {
                    model_id = table.Column<int>(type: "integer", nullable: false),
                    visited_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_model_card_visit", x => x.model_id);
                    table.ForeignKey(
                        name: "fk_model_card_visit_model_model_id",
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
                name: "model_card_visit");

            migrationBuilder.DropColumn(
                name: "license_path",
                table: "model_card");

            migrationBuilder.DropColumn(
                name: "license_text",
                table: "model_card");
        }
    }
}
