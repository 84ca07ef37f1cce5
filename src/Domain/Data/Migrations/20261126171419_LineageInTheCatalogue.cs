using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ModelAtlas.Domain.Data.Migrations
{
    /// <inheritdoc />
    public partial class LineageInTheCatalogue : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "base_model_id",
                table: "model_base",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "gift_hash",
                table: "model",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<string>(
                name: "base_key",
                table: "model_base",
                type: "text",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "spoken_name",
                table: "model",
                type: "text",
                nullable: false,
                defaultValue: "",
                collation: "C");

            migrationBuilder.CreateTable(
                name: "model_dataset",
                columns: table => new
                {
                    model_id = table.Column<int>(type: "integer", nullable: false),
                    dataset_key = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_model_dataset", x => new { x.model_id, x.dataset_key });
                    table.ForeignKey(
                        name: "fk_model_dataset_model_model_id",
                        column: x => x.model_id,
                        principalTable: "model",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "model_due",
                columns: table => new
                {
                    model_id = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_model_due", x => x.model_id);
                    table.ForeignKey(
                        name: "fk_model_due_model_model_id",
                        column: x => x.model_id,
                        principalTable: "model",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_model_base_base_key",
                table: "model_base",
                column: "base_key");

            migrationBuilder.CreateIndex(
                name: "ix_model_base_base_model_id",
                table: "model_base",
                column: "base_model_id");

            migrationBuilder.CreateIndex(
                name: "ix_model_spoken_name",
                table: "model",
                column: "spoken_name");

            migrationBuilder.CreateIndex(
                name: "ix_model_dataset_dataset_key",
                table: "model_dataset",
                column: "dataset_key");

            migrationBuilder.AddForeignKey(
                name: "fk_model_base_model_base_model_id",
                table: "model_base",
                column: "base_model_id",
                principalTable: "model",
                principalColumn: "id",
                onDelete: ReferentialAction.SetNull);

            migrationBuilder.Sql("CREATE INDEX ix_dataset_lower_repo_id ON dataset (lower(repo_id))");
            migrationBuilder.Sql("UPDATE model SET spoken_name = lower(translate(split_part(repo_id, '/', 2), '-_.+ ', ''))");
            migrationBuilder.Sql("UPDATE model_base SET base_key = CASE WHEN strpos(base_repo_id, '/') > 0 THEN lower(base_repo_id) ELSE lower(translate(base_repo_id, '-_.+ ', '')) END");
            migrationBuilder.Sql("INSERT INTO model_due (model_id) SELECT id FROM model"); // nothing was judged with its bases before
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("DROP INDEX ix_dataset_lower_repo_id");

            migrationBuilder.DropForeignKey(
                name: "fk_model_base_model_base_model_id",
                table: "model_base");

            migrationBuilder.DropTable(
                name: "model_dataset");

            migrationBuilder.DropTable(
                name: "model_due");

            migrationBuilder.DropIndex(
                name: "ix_model_base_base_key",
                table: "model_base");

            migrationBuilder.DropIndex(
                name: "ix_model_base_base_model_id",
                table: "model_base");

            migrationBuilder.DropIndex(
                name: "ix_model_spoken_name",
                table: "model");

            migrationBuilder.DropColumn(
                name: "base_key",
                table: "model_base");

            migrationBuilder.DropColumn(
                name: "spoken_name",
                table: "model");

            migrationBuilder.DropColumn(
                name: "base_model_id",
                table: "model_base");

            migrationBuilder.DropColumn(
                name: "gift_hash",
                table: "model");
        }
    }
}
