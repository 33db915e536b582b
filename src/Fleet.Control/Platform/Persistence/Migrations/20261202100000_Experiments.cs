using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Fleet.Control.Platform.Persistence.Migrations
{
    /// <summary>Commits with their files, what is known of runs beside their work, series of metrics, and datasets.</summary>
    [DbContext(typeof(FleetDbContext))]
    [Migration("20261202100000_Experiments")]
    public sealed class Experiments : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(
                """
                create table experiment_commits (
                    tenant text not null,
                    commit text not null,
                    files_count integer not null,
                    size bigint not null,
                    overall_sha text not null,
                    entry text[] not null,
                    env jsonb not null,
                    dependencies text,
                    created_at timestamp with time zone not null,
                    created_by text not null,
                    primary key (tenant, commit));
                create index ix_experiment_commits_age on experiment_commits (tenant, created_at, commit);
                create table experiment_files (
                    tenant text not null,
                    commit text not null,
                    path text collate "C" not null,
                    size bigint not null,
                    sha256 text not null,
                    executable boolean not null,
                    primary key (tenant, commit, path),
                    foreign key (tenant, commit) references experiment_commits on delete cascade);
                create index ix_experiment_files_content on experiment_files (tenant, sha256);
                create table experiment_blobs (
                    id uuid primary key,
                    tenant text not null,
                    sha256 text,
                    size bigint not null,
                    touched_at timestamp with time zone not null);
                create unique index ux_experiment_blobs_content on experiment_blobs (tenant, sha256);
                create index ix_experiment_blobs_touched on experiment_blobs (touched_at);
                create table experiment_chunks (
                    blob uuid not null references experiment_blobs on delete cascade,
                    number integer not null,
                    bytes bytea not null,
                    primary key (blob, number));
                alter table experiment_chunks alter column bytes set storage external;
                create table experiment_runs (
                    id uuid primary key,
                    narrative jsonb not null default '{}',
                    outcome text,
                    summary text,
                    outcome_by text,
                    outcome_at timestamp with time zone);
                create table experiment_notes (
                    run uuid not null,
                    id uuid not null,
                    author text not null,
                    note text not null,
                    at timestamp with time zone not null,
                    primary key (run, id));
                create table experiment_series (
                    run uuid not null,
                    name text not null,
                    points bigint not null,
                    last_step bigint,
                    last_value double precision not null,
                    last_at timestamp with time zone not null,
                    min_value double precision,
                    max_value double precision,
                    primary key (run, name));
                create table experiment_points (
                    run uuid not null,
                    name text not null,
                    number bigint not null,
                    points bytea not null,
                    primary key (run, name, number));
                alter table experiment_points alter column points set storage external;
                create table experiment_batches (
                    run uuid not null,
                    attempt integer not null,
                    number bigint not null,
                    primary key (run, attempt));
                create index ix_work_experiments on work (tenant, id) where kind = 'experiment';
                create index ix_work_commits on work (tenant, (spec ->> 'commit'), id) where kind = 'experiment';
                create index ix_api_keys_head on api_keys (substring(sha256 from 1 for 16));
                create table datasets (
                    id uuid not null,
                    tenant text not null,
                    name text not null,
                    url text not null,
                    sha256 text,
                    size bigint,
                    description text,
                    created_at timestamp with time zone not null,
                    created_by text not null,
                    primary key (tenant, name));
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(
                """
                drop table datasets, experiment_batches, experiment_points, experiment_series, experiment_notes, experiment_runs,
                    experiment_chunks, experiment_blobs, experiment_files, experiment_commits;
                drop index ix_work_experiments, ix_work_commits, ix_api_keys_head;
                """);
        }
    }
}
