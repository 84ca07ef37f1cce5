using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ModelAtlas.Domain.Data.Migrations
{
    /// <inheritdoc />
    public partial class AcceptedTexts : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropPrimaryKey(
                name: "pk_accepted_terms",
                table: "accepted_terms");

            migrationBuilder.AddColumn<string>(
                name: "text_sha256",
                table: "accepted_terms",
                type: "text",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddPrimaryKey(
                name: "pk_accepted_terms",
                table: "accepted_terms",
                columns: new[] { "person", "license", "text_sha256" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropPrimaryKey(
                name: "pk_accepted_terms",
                table: "accepted_terms");

            migrationBuilder.DropColumn(
                name: "text_sha256",
                table: "accepted_terms");

            migrationBuilder.AddPrimaryKey(
                name: "pk_accepted_terms",
                table: "accepted_terms",
                columns: new[] { "person", "license" });
        }
    }
}
