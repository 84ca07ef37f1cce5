using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ModelAtlas.Domain.Data.Migrations
{
    /// <inheritdoc />
    public partial class ChangesKeptApart : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "verdict_change",
                columns: table => new
                {
                    verdict_id = table.Column<long>(type: "bigint", nullable: false),
                    model_id = table.Column<int>(type: "integer", nullable: false),
                    before_id = table.Column<long>(type: "bigint", nullable: true),
                    parts = table.Column<short>(type: "smallint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_verdict_change", x => x.verdict_id);
                    table.ForeignKey(
                        name: "fk_verdict_change_model_model_id",
                        column: x => x.model_id,
                        principalTable: "model",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_verdict_change_verdict_verdict_id",
                        column: x => x.verdict_id,
                        principalTable: "verdict",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_verdict_change_model_id_verdict_id",
                table: "verdict_change",
                columns: new[] { "model_id", "verdict_id" });

            // What each verdict says otherwise than the one before it of the same model: class 1, licence 2, conflict 4, rules 8 beside one of them; 16: the first one of a model published in the last 30 days.
            migrationBuilder.Sql(
                """
                CREATE VIEW verdict_step AS
                SELECT verdict.id AS verdict_id, verdict.model_id, before.id AS before_id, (
                    CASE
                        WHEN before.id IS NOT NULL THEN differs.parts + CASE WHEN differs.parts <> 0 AND before.rule_version <> verdict.rule_version THEN 8 ELSE 0 END
                        WHEN model.created_at >= verdict.decided_at - interval '720 hours' THEN 16
                        ELSE 0
                    END)::smallint AS parts
                FROM verdict JOIN model ON model.id = verdict.model_id
                LEFT JOIN LATERAL (SELECT id, class, license_id, conflict, rule_version FROM verdict AS past WHERE past.model_id = verdict.model_id AND past.id < verdict.id ORDER BY past.id DESC LIMIT 1) AS before ON true
                CROSS JOIN LATERAL (
                    SELECT (before.class IS DISTINCT FROM verdict.class)::int + 2 * (before.license_id IS DISTINCT FROM verdict.license_id)::int + 4 * (before.conflict IS DISTINCT FROM verdict.conflict)::int AS parts
                ) AS differs;
                CREATE INDEX ix_verdict_change_changed ON verdict_change (verdict_id) WHERE parts <> 16;
                CREATE INDEX ix_verdict_change_new ON verdict_change (verdict_id) WHERE parts = 16;
                INSERT INTO verdict_change (verdict_id, model_id, before_id, parts) SELECT verdict_id, model_id, before_id, parts FROM verdict_step WHERE parts <> 0;
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("DROP VIEW verdict_step");

            migrationBuilder.DropTable(
                name: "verdict_change");
        }
    }
}
