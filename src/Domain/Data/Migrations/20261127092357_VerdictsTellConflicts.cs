using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ModelAtlas.Domain.Data.Migrations
{
    /// <inheritdoc />
    public partial class VerdictsTellConflicts : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "conflict",
                table: "verdict",
                type: "boolean",
                nullable: false,
                computedColumnSql: "document #> '{license,conflicts,0}' IS NOT NULL",
                stored: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "conflict",
                table: "verdict");
        }
    }
}
