using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace Fleet.Control.Platform.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "agent_enrolments",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: true),
                    labels = table.Column<string>(type: "jsonb", nullable: false),
                    sha256 = table.Column<byte[]>(type: "bytea", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    created_by = table.Column<Guid>(type: "uuid", nullable: false),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    used_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    used_by = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_agent_enrolments", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "agent_hellos",
                columns: table => new
                {
                    agent = table.Column<string>(type: "text", nullable: false),
                    session = table.Column<Guid>(type: "uuid", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    last_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    agent_version = table.Column<string>(type: "text", nullable: false),
                    hostname = table.Column<string>(type: "text", nullable: false),
                    os = table.Column<string>(type: "text", nullable: false),
                    arch = table.Column<string>(type: "text", nullable: false),
                    slots = table.Column<string>(type: "jsonb", nullable: false),
                    labels = table.Column<string>(type: "jsonb", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_agent_hellos", x => new { x.agent, x.session });
                });

            migrationBuilder.CreateTable(
                name: "agent_inventories",
                columns: table => new
                {
                    agent = table.Column<string>(type: "text", nullable: false),
                    session = table.Column<Guid>(type: "uuid", nullable: false),
                    number = table.Column<long>(type: "bigint", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    answers = table.Column<Guid[]>(type: "uuid[]", nullable: false),
                    upstreams = table.Column<string>(type: "json", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_agent_inventories", x => x.agent);
                });

            migrationBuilder.CreateTable(
                name: "agent_tokens",
                columns: table => new
                {
                    sha256 = table.Column<byte[]>(type: "bytea", nullable: false),
                    agent = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_agent_tokens", x => x.sha256);
                });

            migrationBuilder.CreateTable(
                name: "agents",
                columns: table => new
                {
                    name = table.Column<string>(type: "text", nullable: false),
                    enrolled_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "now()"),
                    draining = table.Column<bool>(type: "boolean", nullable: false),
                    revoked_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    session = table.Column<Guid>(type: "uuid", nullable: false),
                    agent_version = table.Column<string>(type: "text", nullable: false),
                    hostname = table.Column<string>(type: "text", nullable: false),
                    os = table.Column<string>(type: "text", nullable: false),
                    arch = table.Column<string>(type: "text", nullable: false),
                    slots = table.Column<string>(type: "jsonb", nullable: false),
                    labels = table.Column<string>(type: "jsonb", nullable: false),
                    given_labels = table.Column<string>(type: "jsonb", nullable: false, defaultValueSql: "'{}'"),
                    registered_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    session_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    seen_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    beat_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    beat_number = table.Column<long>(type: "bigint", nullable: false),
                    closing = table.Column<bool>(type: "boolean", nullable: false),
                    told_online = table.Column<bool>(type: "boolean", nullable: false, defaultValue: false),
                    in_hand_ids = table.Column<Guid[]>(type: "uuid[]", nullable: false),
                    in_hand_attempts = table.Column<int[]>(type: "integer[]", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_agents", x => x.name);
                });

            migrationBuilder.CreateTable(
                name: "api_keys",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    tenant = table.Column<string>(type: "text", nullable: false),
                    sha256 = table.Column<byte[]>(type: "bytea", nullable: false),
                    scopes = table.Column<string[]>(type: "text[]", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    created_by = table.Column<Guid>(type: "uuid", nullable: true),
                    last_used_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    revoked_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_api_keys", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "artifacts",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    owner_id = table.Column<Guid>(type: "uuid", nullable: false),
                    attempt = table.Column<int>(type: "integer", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    size = table.Column<long>(type: "bigint", nullable: false),
                    content_type = table.Column<string>(type: "text", nullable: false),
                    sha256 = table.Column<string>(type: "text", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    touched_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    complete = table.Column<bool>(type: "boolean", nullable: false),
                    chunk_size = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_artifacts", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "audit",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    who = table.Column<string>(type: "text", nullable: false),
                    key_id = table.Column<Guid>(type: "uuid", nullable: true),
                    agent = table.Column<string>(type: "text", nullable: true),
                    tenant = table.Column<string>(type: "text", nullable: true),
                    action = table.Column<string>(type: "text", nullable: false),
                    objects = table.Column<string[]>(type: "text[]", nullable: false),
                    method = table.Column<string>(type: "text", nullable: false),
                    route = table.Column<string>(type: "text", nullable: true),
                    path = table.Column<string>(type: "text", nullable: false),
                    address = table.Column<string>(type: "text", nullable: false),
                    trace_id = table.Column<string>(type: "text", nullable: true),
                    request_id = table.Column<string>(type: "text", nullable: true),
                    status = table.Column<int>(type: "integer", nullable: false),
                    code = table.Column<string>(type: "text", nullable: true),
                    count = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_audit", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "bulk_runs",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    tenant = table.Column<string>(type: "text", nullable: false),
                    of_every_tenant = table.Column<bool>(type: "boolean", nullable: false),
                    family = table.Column<string>(type: "text", nullable: false),
                    filter = table.Column<string>(type: "text", nullable: false),
                    action = table.Column<string>(type: "text", nullable: false),
                    parameters = table.Column<string>(type: "json", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    reached = table.Column<Guid>(type: "uuid", nullable: true),
                    done = table.Column<long>(type: "bigint", nullable: false),
                    skipped = table.Column<long>(type: "bigint", nullable: false),
                    failed = table.Column<long>(type: "bigint", nullable: false),
                    total = table.Column<long>(type: "bigint", nullable: true),
                    total_is_exact = table.Column<bool>(type: "boolean", nullable: false),
                    created_by = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    finished_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    trouble = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_bulk_runs", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "dead_letters",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    endpoint = table.Column<string>(type: "text", nullable: false),
                    exchange = table.Column<string>(type: "text", nullable: false),
                    reason = table.Column<string>(type: "text", nullable: false),
                    message_id = table.Column<string>(type: "text", nullable: true),
                    content_type = table.Column<string>(type: "text", nullable: true),
                    body = table.Column<byte[]>(type: "bytea", nullable: false),
                    is_part = table.Column<bool>(type: "boolean", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    replayed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_dead_letters", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "freezes",
                columns: table => new
                {
                    name = table.Column<string>(type: "text", nullable: false),
                    kinds = table.Column<string[]>(type: "text[]", nullable: false),
                    reason = table.Column<string>(type: "text", nullable: true),
                    by = table.Column<string>(type: "text", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_freezes", x => x.name);
                });

            migrationBuilder.CreateTable(
                name: "idempotent_answers",
                columns: table => new
                {
                    owner = table.Column<Guid>(type: "uuid", nullable: false),
                    key = table.Column<string>(type: "text", nullable: false),
                    request = table.Column<byte[]>(type: "bytea", nullable: false),
                    status = table.Column<int>(type: "integer", nullable: false),
                    location = table.Column<string>(type: "text", nullable: true),
                    body = table.Column<string>(type: "text", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_idempotent_answers", x => new { x.owner, x.key });
                });

            migrationBuilder.CreateTable(
                name: "journal",
                columns: table => new
                {
                    stream = table.Column<Guid>(type: "uuid", nullable: false),
                    seq = table.Column<long>(type: "bigint", nullable: false),
                    type = table.Column<string>(type: "text", nullable: false),
                    attempt = table.Column<int>(type: "integer", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    data = table.Column<string>(type: "json", nullable: true),
                    output = table.Column<byte[]>(type: "bytea", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_journal", x => new { x.stream, x.seq });
                });

            migrationBuilder.CreateTable(
                name: "leaders",
                columns: table => new
                {
                    name = table.Column<string>(type: "text", nullable: false),
                    holder = table.Column<Guid>(type: "uuid", nullable: false),
                    until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_leaders", x => x.name);
                });

            migrationBuilder.CreateTable(
                name: "outbox",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    destination = table.Column<string>(type: "text", nullable: false),
                    message_type = table.Column<string>(type: "text", nullable: false),
                    body = table.Column<string>(type: "json", nullable: false),
                    about = table.Column<Guid>(type: "uuid", nullable: false),
                    token = table.Column<Guid>(type: "uuid", nullable: true),
                    deliver_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "now()"),
                    claimed_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    attempts = table.Column<int>(type: "integer", nullable: false),
                    last_error = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_outbox", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "pending_agents",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    hostname = table.Column<string>(type: "text", nullable: false),
                    os = table.Column<string>(type: "text", nullable: false),
                    arch = table.Column<string>(type: "text", nullable: false),
                    agent_version = table.Column<string>(type: "text", nullable: false),
                    sha256 = table.Column<byte[]>(type: "bytea", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    approved_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    refused_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_pending_agents", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "rate_starts",
                columns: table => new
                {
                    work_id = table.Column<Guid>(type: "uuid", nullable: false),
                    attempt = table.Column<int>(type: "integer", nullable: false),
                    rate_id = table.Column<Guid>(type: "uuid", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_rate_starts", x => new { x.work_id, x.attempt });
                });

            migrationBuilder.CreateTable(
                name: "report_cursors",
                columns: table => new
                {
                    session = table.Column<Guid>(type: "uuid", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    agent = table.Column<string>(type: "text", nullable: false),
                    number = table.Column<long>(type: "bigint", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_report_cursors", x => x.session);
                });

            migrationBuilder.CreateTable(
                name: "retention_progress",
                columns: table => new
                {
                    name = table.Column<string>(type: "text", nullable: false),
                    looked_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    removed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    removed = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_retention_progress", x => x.name);
                });

            migrationBuilder.CreateTable(
                name: "retention_rules",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant = table.Column<string>(type: "text", nullable: true),
                    kind = table.Column<string>(type: "text", nullable: true),
                    labels = table.Column<string>(type: "jsonb", nullable: false),
                    label_count = table.Column<int>(type: "integer", nullable: false),
                    keep_seconds = table.Column<long>(type: "bigint", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_retention_rules", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "views",
                columns: table => new
                {
                    tenant = table.Column<string>(type: "text", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    filter = table.Column<string>(type: "text", nullable: false),
                    description = table.Column<string>(type: "text", nullable: true),
                    changed_by = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    changed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_views", x => new { x.tenant, x.name });
                });

            migrationBuilder.CreateTable(
                name: "webhook_deliveries",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    position = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityAlwaysColumn),
                    event_id = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant = table.Column<string>(type: "text", nullable: false),
                    endpoint_id = table.Column<Guid>(type: "uuid", nullable: false),
                    about = table.Column<Guid>(type: "uuid", nullable: false),
                    type = table.Column<string>(type: "text", nullable: false),
                    url = table.Column<string>(type: "text", nullable: true),
                    occurred_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    data = table.Column<string>(type: "text", nullable: false),
                    artifacts_at = table.Column<string>(type: "text", nullable: true),
                    inline_artifacts = table.Column<bool>(type: "boolean", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    owed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    attempts = table.Column<int>(type: "integer", nullable: false),
                    settled_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    last_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    last_url = table.Column<string>(type: "text", nullable: true),
                    last_headers = table.Column<string>(type: "text", nullable: true),
                    last_status = table.Column<int>(type: "integer", nullable: true),
                    last_answer = table.Column<string>(type: "text", nullable: true),
                    last_error = table.Column<string>(type: "text", nullable: true),
                    last_milliseconds = table.Column<int>(type: "integer", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_webhook_deliveries", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "webhook_endpoints",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant = table.Column<string>(type: "text", nullable: false),
                    url = table.Column<string>(type: "text", nullable: false),
                    event_types = table.Column<string[]>(type: "text[]", nullable: false),
                    description = table.Column<string>(type: "text", nullable: false),
                    enabled = table.Column<bool>(type: "boolean", nullable: false),
                    disabled_reason = table.Column<string>(type: "text", nullable: true),
                    secret = table.Column<string>(type: "text", nullable: false),
                    former_secret = table.Column<string>(type: "text", nullable: true),
                    former_secret_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_webhook_endpoints", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "webhook_queues",
                columns: table => new
                {
                    endpoint_id = table.Column<Guid>(type: "uuid", nullable: false),
                    about = table.Column<Guid>(type: "uuid", nullable: false),
                    target = table.Column<string>(type: "text", nullable: false),
                    owed = table.Column<int>(type: "integer", nullable: false),
                    due_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    claim = table.Column<Guid>(type: "uuid", nullable: true),
                    claimed_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_webhook_queues", x => new { x.endpoint_id, x.about });
                });

            migrationBuilder.CreateTable(
                name: "work",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    concurrency_key = table.Column<string>(type: "text", nullable: true),
                    fairness_key = table.Column<string>(type: "text", nullable: true),
                    family = table.Column<string>(type: "text", nullable: false),
                    held = table.Column<bool>(type: "boolean", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    labels = table.Column<string>(type: "jsonb", nullable: false),
                    max_attempts = table.Column<int>(type: "integer", nullable: false),
                    model = table.Column<string>(type: "text", nullable: true),
                    name = table.Column<string>(type: "text", nullable: true),
                    not_before = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    offline = table.Column<string>(type: "text", nullable: false),
                    priority = table.Column<int>(type: "integer", nullable: false),
                    queue_key = table.Column<string>(type: "text", nullable: true),
                    rate_key = table.Column<string>(type: "text", nullable: true),
                    retry_of = table.Column<Guid>(type: "uuid", nullable: true),
                    sequence_key = table.Column<string>(type: "text", nullable: true),
                    spec = table.Column<string>(type: "json", nullable: false),
                    state_webhook_url = table.Column<string>(type: "text", nullable: true),
                    target_agent = table.Column<string>(type: "text", nullable: true),
                    target_labels = table.Column<string>(type: "jsonb", nullable: false),
                    tenant = table.Column<string>(type: "text", nullable: false),
                    timeout_seconds = table.Column<int>(type: "integer", nullable: true),
                    wire = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_work", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "work_removals",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_work_removals", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "work_state",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    phase = table.Column<string>(type: "text", nullable: false),
                    agent = table.Column<string>(type: "text", nullable: true),
                    agent_session = table.Column<Guid>(type: "uuid", nullable: true),
                    assigned_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    attempt = table.Column<int>(type: "integer", nullable: false),
                    concurrency_id = table.Column<Guid>(type: "uuid", nullable: true),
                    concurrency_limit = table.Column<int>(type: "integer", nullable: true),
                    cpu_seconds = table.Column<double>(type: "double precision", nullable: true),
                    crashes = table.Column<int>(type: "integer", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    demand = table.Column<string>(type: "text", nullable: false),
                    error_code = table.Column<string>(type: "text", nullable: true),
                    error_message = table.Column<string>(type: "text", nullable: true),
                    exit_code = table.Column<int>(type: "integer", nullable: true),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    expiry_token = table.Column<Guid>(type: "uuid", nullable: true),
                    failures = table.Column<int>(type: "integer", nullable: false),
                    finished_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    gate = table.Column<Guid>(type: "uuid", nullable: true),
                    grace_token = table.Column<Guid>(type: "uuid", nullable: true),
                    has_artifacts = table.Column<bool>(type: "boolean", nullable: false),
                    holders = table.Column<string[]>(type: "text[]", nullable: false),
                    journal_seq = table.Column<long>(type: "bigint", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    peak_memory_bytes = table.Column<long>(type: "bigint", nullable: true),
                    progress_fraction = table.Column<double>(type: "double precision", nullable: true),
                    progress_text = table.Column<string>(type: "text", nullable: true),
                    put_backs = table.Column<int>(type: "integer", nullable: false),
                    queue_id = table.Column<Guid>(type: "uuid", nullable: true),
                    queue_rank = table.Column<long>(type: "bigint", nullable: false),
                    rate_id = table.Column<Guid>(type: "uuid", nullable: true),
                    rate_limit = table.Column<int>(type: "integer", nullable: true),
                    rate_seconds = table.Column<int>(type: "integer", nullable: true),
                    ready = table.Column<bool>(type: "boolean", nullable: false),
                    result = table.Column<string>(type: "json", nullable: true),
                    retry_token = table.Column<Guid>(type: "uuid", nullable: true),
                    sequence_id = table.Column<Guid>(type: "uuid", nullable: true),
                    share = table.Column<Guid>(type: "uuid", nullable: false),
                    signal = table.Column<string>(type: "text", nullable: true),
                    started_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    state = table.Column<string>(type: "text", nullable: false),
                    superseded_by = table.Column<Guid>(type: "uuid", nullable: true),
                    upstream = table.Column<string>(type: "text", nullable: true),
                    version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_work_state", x => new { x.id, x.phase });
                });

            migrationBuilder.CreateTable(
                name: "artifact_chunks",
                columns: table => new
                {
                    artifact_id = table.Column<Guid>(type: "uuid", nullable: false),
                    number = table.Column<int>(type: "integer", nullable: false),
                    bytes = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_artifact_chunks", x => new { x.artifact_id, x.number });
                    table.ForeignKey(
                        name: "fk_artifact_chunks_artifact_id",
                        column: x => x.artifact_id,
                        principalTable: "artifacts",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_agent_enrolments_sha256",
                table: "agent_enrolments",
                column: "sha256",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_agent_tokens_agent",
                table: "agent_tokens",
                column: "agent");

            migrationBuilder.CreateIndex(
                name: "ux_api_keys_sha256",
                table: "api_keys",
                column: "sha256",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_artifacts_touched_at",
                table: "artifacts",
                column: "touched_at",
                filter: "NOT complete");

            migrationBuilder.CreateIndex(
                name: "ux_artifacts_owner_id_name",
                table: "artifacts",
                columns: new[] { "owner_id", "name" },
                unique: true,
                filter: "complete");

            migrationBuilder.CreateIndex(
                name: "ix_audit_action",
                table: "audit",
                columns: new[] { "action", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_audit_agent",
                table: "audit",
                columns: new[] { "agent", "id" },
                filter: "agent is not null");

            migrationBuilder.CreateIndex(
                name: "ix_audit_key",
                table: "audit",
                columns: new[] { "key_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_audit_refused",
                table: "audit",
                columns: new[] { "status", "id" },
                filter: "status >= 400");

            migrationBuilder.CreateIndex(
                name: "ix_bulk_runs_running",
                table: "bulk_runs",
                column: "id",
                filter: "state = 'Running'");

            migrationBuilder.CreateIndex(
                name: "ix_bulk_runs_tenant",
                table: "bulk_runs",
                columns: new[] { "tenant", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_idempotent_answers_at",
                table: "idempotent_answers",
                column: "at");

            migrationBuilder.CreateIndex(
                name: "ux_leaders_holder",
                table: "leaders",
                column: "holder",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_outbox_due",
                table: "outbox",
                column: "deliver_at");

            migrationBuilder.CreateIndex(
                name: "ix_outbox_token",
                table: "outbox",
                column: "token",
                filter: "token is not null");

            migrationBuilder.CreateIndex(
                name: "ix_rate_starts_rate",
                table: "rate_starts",
                columns: new[] { "rate_id", "at" });

            migrationBuilder.CreateIndex(
                name: "ix_rate_starts_until",
                table: "rate_starts",
                column: "until");

            migrationBuilder.CreateIndex(
                name: "ix_webhook_deliveries_about",
                table: "webhook_deliveries",
                columns: new[] { "about", "position" });

            migrationBuilder.CreateIndex(
                name: "ix_webhook_deliveries_endpoint",
                table: "webhook_deliveries",
                columns: new[] { "endpoint_id", "position" });

            migrationBuilder.CreateIndex(
                name: "ix_webhook_deliveries_owed",
                table: "webhook_deliveries",
                column: "owed_at",
                filter: "state = 'waiting'");

            migrationBuilder.CreateIndex(
                name: "ix_webhook_deliveries_settled",
                table: "webhook_deliveries",
                column: "settled_at",
                filter: "state <> 'waiting'");

            migrationBuilder.CreateIndex(
                name: "ix_webhook_deliveries_tenant",
                table: "webhook_deliveries",
                columns: new[] { "tenant", "position" });

            migrationBuilder.CreateIndex(
                name: "ix_webhook_deliveries_waiting",
                table: "webhook_deliveries",
                columns: new[] { "endpoint_id", "about", "position" },
                filter: "state = 'waiting'");

            migrationBuilder.CreateIndex(
                name: "ix_webhook_endpoints_tenant",
                table: "webhook_endpoints",
                columns: new[] { "tenant", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_webhook_queues_due",
                table: "webhook_queues",
                column: "due_at");

            migrationBuilder.CreateIndex(
                name: "ix_work_family",
                table: "work",
                columns: new[] { "family", "id" },
                filter: "family <> 'job'");

            migrationBuilder.CreateIndex(
                name: "ix_work_labels",
                table: "work",
                column: "labels",
                filter: "labels <> '{}'")
                .Annotation("Npgsql:IndexMethod", "gin")
                .Annotation("Npgsql:IndexOperators", new[] { "jsonb_path_ops" });

            migrationBuilder.CreateIndex(
                name: "ix_work_name",
                table: "work",
                columns: new[] { "name", "id" },
                filter: "name is not null");

            migrationBuilder.CreateIndex(
                name: "ix_work_tenant",
                table: "work",
                columns: new[] { "tenant", "family", "id" });

            // work_state in three parts: EF Core makes the shape, the server knows how it is parted
            migrationBuilder.Sql(
                """
                alter table work_state rename to work_state_shape;
                create table work_state (like work_state_shape including defaults, primary key (id, phase)) partition by list (phase);
                drop table work_state_shape;
                create table work_waiting partition of work_state for values in ('waiting');
                create table work_in_hand partition of work_state for values in ('in_hand');
                create table work_ended partition of work_state for values in ('ended');

                create index ix_work_waiting_free on work_waiting (demand, share, queue_rank, id) where ready and gate is null;
                create index ix_work_waiting_limited on work_waiting (demand, share, queue_rank, id)
                    where ready and gate is not null and attempt >= 0;
                create index ix_work_waiting_gates on work_waiting (demand, share, gate, queue_rank, id) where ready and gate is not null;
                create index ix_work_waiting_sequences on work_waiting (sequence_id, created_at, id) where sequence_id is not null;
                create index ix_work_waiting_newest on work_waiting (queue_id) where queue_id is not null and superseded_by is null;
                create index ix_work_waiting_pausing on work_waiting (retry_token) where not ready;
                create index ix_work_waiting_expiring on work_waiting (expires_at) where expires_at is not null;
                create index ix_work_ended_finished on work_ended (finished_at, id);
                create index ix_work_ended_state on work_ended (state, id);
                create index ix_work_ended_agent on work_ended (agent, id) where agent is not null;
                """);

            // both halves of a piece of work as one row, for those who ask about any of its columns
            migrationBuilder.Sql(
                """
                do $rows$ declare columns text; begin
                    select string_agg(quote_ident(attname), ', ' order by attnum) into columns from pg_attribute
                    where attrelid = 'work_state'::regclass and attnum > 0 and not attisdropped and attname not in ('id', 'kind');
                    execute format('create view work_rows as select work.*, %s from work join work_state using (id)', columns);
                end $rows$;
                """);

            // Room for updates in place; dead rows are looked after before they are a fifth of a table, which of a million
            // is late. What is stored beside a table because it is large is counted apart.
            migrationBuilder.Sql(
                """
                alter table work_in_hand set (fillfactor = 40, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
                alter table work_waiting set (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000);
                alter table outbox set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
                alter table journal set (autovacuum_vacuum_insert_scale_factor = 0.1);
                """);
            foreach (var table in (string[])["work", "work_ended", "journal", "artifacts", "artifact_chunks", "webhook_deliveries", "audit"])
            {
                migrationBuilder.Sql(
                    $"""
                    alter table {table} set (
                        autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 5000,
                        toast.autovacuum_vacuum_scale_factor = 0.05, toast.autovacuum_vacuum_threshold = 5000);
                    """);
            }

            // what attempts leave is mostly compressed already: pieces are stored and read as they are
            migrationBuilder.Sql("alter table artifact_chunks alter column bytes set storage external");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("drop view work_rows");

            migrationBuilder.DropTable(
                name: "agent_enrolments");

            migrationBuilder.DropTable(
                name: "agent_hellos");

            migrationBuilder.DropTable(
                name: "agent_inventories");

            migrationBuilder.DropTable(
                name: "agent_tokens");

            migrationBuilder.DropTable(
                name: "agents");

            migrationBuilder.DropTable(
                name: "api_keys");

            migrationBuilder.DropTable(
                name: "artifact_chunks");

            migrationBuilder.DropTable(
                name: "audit");

            migrationBuilder.DropTable(
                name: "bulk_runs");

            migrationBuilder.DropTable(
                name: "dead_letters");

            migrationBuilder.DropTable(
                name: "freezes");

            migrationBuilder.DropTable(
                name: "idempotent_answers");

            migrationBuilder.DropTable(
                name: "journal");

            migrationBuilder.DropTable(
                name: "leaders");

            migrationBuilder.DropTable(
                name: "outbox");

            migrationBuilder.DropTable(
                name: "pending_agents");

            migrationBuilder.DropTable(
                name: "rate_starts");

            migrationBuilder.DropTable(
                name: "report_cursors");

            migrationBuilder.DropTable(
                name: "retention_progress");

            migrationBuilder.DropTable(
                name: "retention_rules");

            migrationBuilder.DropTable(
                name: "views");

            migrationBuilder.DropTable(
                name: "webhook_deliveries");

            migrationBuilder.DropTable(
                name: "webhook_endpoints");

            migrationBuilder.DropTable(
                name: "webhook_queues");

            migrationBuilder.DropTable(
                name: "work");

            migrationBuilder.DropTable(
                name: "work_removals");

            migrationBuilder.DropTable(
                name: "work_state");

            migrationBuilder.DropTable(
                name: "artifacts");
        }
    }
}
