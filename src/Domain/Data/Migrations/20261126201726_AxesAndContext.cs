using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ModelAtlas.Domain.Data.Migrations
{
    /// <inheritdoc />
    public partial class AxesAndContext : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<short>(
                name: "code_level",
                table: "model",
                type: "smallint",
                nullable: false,
                defaultValue: (short)0);

            migrationBuilder.AddColumn<int>(
                name: "context_length",
                table: "model",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<short>(
                name: "data_level",
                table: "model",
                type: "smallint",
                nullable: false,
                defaultValue: (short)0);

            migrationBuilder.AddColumn<short>(
                name: "license_level",
                table: "model",
                type: "smallint",
                nullable: false,
                defaultValue: (short)0);

            migrationBuilder.AddColumn<short>(
                name: "weights_level",
                table: "model",
                type: "smallint",
                nullable: false,
                defaultValue: (short)0);

            // What the newest verdict and the stored facts say. The words are in the order of their numbers.
            migrationBuilder.Sql("""
                WITH words AS (SELECT ARRAY['unknown', 'none', 'withdrawn', 'gated', 'public', 'described', 'partial', 'open',
                                            'use-restricted', 'licensee-restricted', 'non-commercial', 'proprietary'] AS word),
                     newest AS (SELECT DISTINCT ON (model_id) model_id, document -> 'axes' AS axes FROM verdict ORDER BY model_id, id DESC)
                UPDATE model SET
                    weights_level = coalesce(array_position(word, axes ->> 'weights') - 1, 0), license_level = coalesce(array_position(word, axes ->> 'license') - 1, 0),
                    code_level = coalesce(array_position(word, axes ->> 'code') - 1, 0), data_level = coalesce(array_position(word, axes ->> 'data') - 1, 0)
                FROM newest, words WHERE newest.model_id = model.id
                """);
            migrationBuilder.Sql("""
                UPDATE model SET context_length = least((convert_from(json, 'UTF8')::json #>> '{gguf,context_length}')::bigint, 2147483647)
                FROM model_facts WHERE model_id = model.id AND position('"context_length":'::bytea IN json) > 0
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "code_level",
                table: "model");

            migrationBuilder.DropColumn(
                name: "context_length",
                table: "model");

            migrationBuilder.DropColumn(
                name: "data_level",
                table: "model");

            migrationBuilder.DropColumn(
                name: "license_level",
                table: "model");

            migrationBuilder.DropColumn(
                name: "weights_level",
                table: "model");
        }
    }
}
