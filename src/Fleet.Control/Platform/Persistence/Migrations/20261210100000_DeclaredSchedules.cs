using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Fleet.Control.Platform.Persistence.Migrations
{
    /// <summary>
    /// Schedules of manifests have ids and revisions as all schedules do, and schedules are found by their names, results by their
    /// agents. Who wrote what they start is kept, since those do not approve it; from when on the waves of an execution count; and
    /// which revocations go when what was removed is posted again.
    /// </summary>
    [DbContext(typeof(FleetDbContext))]
    [Migration("20261210100000_DeclaredSchedules")]
    public sealed class DeclaredSchedules : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // Defaults stay: processes of the version before serve on meanwhile, and know none of these columns.
            // ids as of their creation: 48 bits of milliseconds, the version 7, the variant, and chance (RFC 9562, 5.7)
            migrationBuilder.Sql(
                """
                alter table manifest_schedules add column id uuid, add column revision integer not null default 1;
                update manifest_schedules set id = (
                    lpad(to_hex((extract(epoch from created_at) * 1000)::bigint), 12, '0')
                    || '7' || substr(md5(random()::text), 1, 3) || 'a' || substr(md5(random()::text), 1, 15))::uuid;
                alter table manifest_schedules alter column id set not null, alter column id set default gen_random_uuid();
                create unique index ux_manifest_schedules_id on manifest_schedules (id);
                create index ix_schedules_name on schedules (name, id);
                create index ix_results_agent on results (agent, started_at, id);
                alter table manifest_revisions add column author uuid;
                alter table manifest_revocations add column by_removal boolean not null default false;
                alter table executions add column author uuid, add column began_at timestamp with time zone;
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(
                """
                alter table executions drop column author, drop column began_at;
                alter table manifest_revocations drop column by_removal;
                alter table manifest_revisions drop column author;
                drop index ix_results_agent;
                drop index ix_schedules_name;
                alter table manifest_schedules drop column id, drop column revision;
                """);
        }
    }
}
