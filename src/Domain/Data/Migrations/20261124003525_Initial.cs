using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace ModelAtlas.Domain.Data.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateSequence(
                name: "model_rev");

            migrationBuilder.CreateTable(
                name: "crawl_cursor",
                columns: table => new
                {
                    source = table.Column<string>(type: "text", nullable: false),
                    cursor = table.Column<string>(type: "text", nullable: true),
                    state = table.Column<short>(type: "smallint", nullable: false),
                    started_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    heartbeat_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    finished_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    high_water = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    pages = table.Column<int>(type: "integer", nullable: false),
                    read = table.Column<long>(type: "bigint", nullable: false),
                    stored = table.Column<long>(type: "bigint", nullable: false),
                    unchanged = table.Column<long>(type: "bigint", nullable: false),
                    quarantined = table.Column<long>(type: "bigint", nullable: false),
                    error = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_crawl_cursor", x => x.source);
                });

            migrationBuilder.CreateTable(
                name: "dataset",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    hub_id = table.Column<string>(type: "text", nullable: true),
                    repo_id = table.Column<string>(type: "text", nullable: false),
                    licenses = table.Column<string[]>(type: "text[]", nullable: false),
                    gating = table.Column<short>(type: "smallint", nullable: false),
                    state = table.Column<short>(type: "smallint", nullable: false),
                    downloads = table.Column<long>(type: "bigint", nullable: false),
                    likes = table.Column<int>(type: "integer", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    modified_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    observed_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    source = table.Column<string>(type: "text", nullable: false),
                    observation_hash = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_dataset", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "license",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    key = table.Column<string>(type: "text", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    spdx_id = table.Column<string>(type: "text", nullable: true),
                    license_class = table.Column<string>(type: "text", nullable: false),
                    known = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_license", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "quarantine",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    source = table.Column<string>(type: "text", nullable: false),
                    kind = table.Column<short>(type: "smallint", nullable: false),
                    observed_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    position = table.Column<string>(type: "text", nullable: false),
                    reason = table.Column<string>(type: "text", nullable: false),
                    raw = table.Column<byte[]>(type: "bytea", nullable: false),
                    raw_length = table.Column<long>(type: "bigint", nullable: false),
                    content_hash = table.Column<long>(type: "bigint", nullable: false),
                    first_seen_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    last_seen_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    replayed_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_quarantine", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "term",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    kind = table.Column<short>(type: "smallint", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_term", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "model",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    hub_id = table.Column<string>(type: "text", nullable: true),
                    repo_id = table.Column<string>(type: "text", nullable: false),
                    author_id = table.Column<int>(type: "integer", nullable: false),
                    task_id = table.Column<int>(type: "integer", nullable: true),
                    library_id = table.Column<int>(type: "integer", nullable: true),
                    language_ids = table.Column<int[]>(type: "integer[]", nullable: false),
                    tag_ids = table.Column<int[]>(type: "integer[]", nullable: false),
                    license_id = table.Column<int>(type: "integer", nullable: true),
                    @class = table.Column<short>(name: "class", type: "smallint", nullable: true),
                    basis = table.Column<short>(type: "smallint", nullable: false),
                    rung = table.Column<short>(type: "smallint", nullable: true),
                    conflict = table.Column<bool>(type: "boolean", nullable: false),
                    rule_version = table.Column<string>(type: "text", nullable: false),
                    verdict_hash = table.Column<long>(type: "bigint", nullable: false),
                    gating = table.Column<short>(type: "smallint", nullable: false),
                    state = table.Column<short>(type: "smallint", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    modified_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    parameters = table.Column<long>(type: "bigint", nullable: true),
                    summary = table.Column<string>(type: "text", nullable: true),
                    observed_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    source = table.Column<string>(type: "text", nullable: false),
                    observation_hash = table.Column<long>(type: "bigint", nullable: false),
                    rev = table.Column<long>(type: "bigint", nullable: false, defaultValueSql: "nextval('model_rev')")
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_model", x => x.id);
                    table.ForeignKey(
                        name: "fk_model_terms_author_id",
                        column: x => x.author_id,
                        principalTable: "term",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                })
                .Annotation("Npgsql:StorageParameter:fillfactor", 85);

            migrationBuilder.CreateTable(
                name: "model_alias",
                columns: table => new
                {
                    alias = table.Column<string>(type: "text", nullable: false),
                    model_id = table.Column<int>(type: "integer", nullable: false),
                    reason = table.Column<short>(type: "smallint", nullable: false),
                    since = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_model_alias", x => x.alias);
                    table.ForeignKey(
                        name: "fk_model_alias_model_model_id",
                        column: x => x.model_id,
                        principalTable: "model",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "model_base",
                columns: table => new
                {
                    model_id = table.Column<int>(type: "integer", nullable: false),
                    base_repo_id = table.Column<string>(type: "text", nullable: false),
                    relation = table.Column<short>(type: "smallint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_model_base", x => new { x.model_id, x.base_repo_id });
                    table.ForeignKey(
                        name: "fk_model_base_model_model_id",
                        column: x => x.model_id,
                        principalTable: "model",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "model_card",
                columns: table => new
                {
                    model_id = table.Column<int>(type: "integer", nullable: false),
                    text = table.Column<string>(type: "text", nullable: false),
                    sha = table.Column<string>(type: "text", nullable: true),
                    observed_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_model_card", x => x.model_id);
                    table.ForeignKey(
                        name: "fk_model_card_model_model_id",
                        column: x => x.model_id,
                        principalTable: "model",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "model_counters",
                columns: table => new
                {
                    model_id = table.Column<int>(type: "integer", nullable: false),
                    downloads = table.Column<long>(type: "bigint", nullable: false),
                    likes = table.Column<int>(type: "integer", nullable: false),
                    trending = table.Column<int>(type: "integer", nullable: false),
                    seen_on = table.Column<DateOnly>(type: "date", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_model_counters", x => x.model_id);
                    table.ForeignKey(
                        name: "fk_model_counters_model_model_id",
                        column: x => x.model_id,
                        principalTable: "model",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                })
                .Annotation("Npgsql:StorageParameter:fillfactor", 70);

            migrationBuilder.CreateTable(
                name: "model_facts",
                columns: table => new
                {
                    model_id = table.Column<int>(type: "integer", nullable: false),
                    json = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_model_facts", x => x.model_id);
                    table.ForeignKey(
                        name: "fk_model_facts_model_model_id",
                        column: x => x.model_id,
                        principalTable: "model",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "verdict",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    model_id = table.Column<int>(type: "integer", nullable: false),
                    @class = table.Column<short>(name: "class", type: "smallint", nullable: true),
                    basis = table.Column<short>(type: "smallint", nullable: false),
                    rung = table.Column<short>(type: "smallint", nullable: true),
                    license_id = table.Column<int>(type: "integer", nullable: true),
                    rule_version = table.Column<string>(type: "text", nullable: false),
                    revision = table.Column<string>(type: "text", nullable: true),
                    observed_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    decided_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    document = table.Column<string>(type: "jsonb", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_verdict", x => x.id);
                    table.ForeignKey(
                        name: "fk_verdict_model_model_id",
                        column: x => x.model_id,
                        principalTable: "model",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_dataset_hub_id",
                table: "dataset",
                column: "hub_id");

            migrationBuilder.CreateIndex(
                name: "ix_dataset_repo_id",
                table: "dataset",
                column: "repo_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_license_key",
                table: "license",
                column: "key",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_model_author_id",
                table: "model",
                column: "author_id");

            migrationBuilder.CreateIndex(
                name: "ix_model_hub_id",
                table: "model",
                column: "hub_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_model_repo_id",
                table: "model",
                column: "repo_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_model_rev",
                table: "model",
                column: "rev");

            migrationBuilder.CreateIndex(
                name: "ix_model_alias_model_id",
                table: "model_alias",
                column: "model_id");

            migrationBuilder.CreateIndex(
                name: "ix_model_base_base_repo_id",
                table: "model_base",
                column: "base_repo_id");

            migrationBuilder.CreateIndex(
                name: "ix_quarantine_source_content_hash",
                table: "quarantine",
                columns: new[] { "source", "content_hash" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_term_kind_name",
                table: "term",
                columns: new[] { "kind", "name" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_verdict_model_id_id",
                table: "verdict",
                columns: new[] { "model_id", "id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "crawl_cursor");

            migrationBuilder.DropTable(
                name: "dataset");

            migrationBuilder.DropTable(
                name: "license");

            migrationBuilder.DropTable(
                name: "model_alias");

            migrationBuilder.DropTable(
                name: "model_base");

            migrationBuilder.DropTable(
                name: "model_card");

            migrationBuilder.DropTable(
                name: "model_counters");

            migrationBuilder.DropTable(
                name: "model_facts");

            migrationBuilder.DropTable(
                name: "quarantine");

            migrationBuilder.DropTable(
                name: "verdict");

            migrationBuilder.DropTable(
                name: "model");

            migrationBuilder.DropTable(
                name: "term");

            migrationBuilder.DropSequence(
                name: "model_rev");
        }
    }
}
