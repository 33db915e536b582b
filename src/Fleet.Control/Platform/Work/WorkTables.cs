using System.Reflection;
using Fleet.Control.Platform.Persistence.Rows;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Fleet.Control.Platform.Work;

/// <summary>
/// How work lies in the database. <c>work</c> holds what is written once, with the indexes that lists ask.
/// <c>work_state</c> holds what moves, parted by phase: <c>work_waiting</c> has the queue's indexes, <c>work_in_hand</c>
/// only its key, so that what happens while an attempt runs changes no index, and <c>work_ended</c> those of lists and
/// retention. A change of phase moves the row. <c>work_rows</c> is the view of both together.
/// </summary>
internal static class WorkTables
{
    public const string Facts = "work";
    public const string State = "work_state";
    public const string Waiting = "work_waiting";
    public const string InHand = "work_in_hand";
    public const string Ended = "work_ended";
    public const string Rows = "work_rows";
    public const string Key = "id";

    /// <summary>
    /// Jobs are the many: all tenants' newest are found by id at once, and their index would be written for nothing. What
    /// is of another family may be few among millions of them.
    /// </summary>
    private const string IsRare = "family <> 'job'";

    /// <summary>Facts that may change after all, now and then.</summary>
    private static readonly string[] ChangingFacts = [nameof(WorkRow.Labels), nameof(WorkRow.Priority), nameof(WorkRow.Held)];

    private static readonly string[] FixedFacts =
    [
        nameof(WorkRow.CorrelationId), nameof(WorkRow.Tenant), nameof(WorkRow.Owner), nameof(WorkRow.Family),
        nameof(WorkRow.Kind), nameof(WorkRow.Name), nameof(WorkRow.Spec), nameof(WorkRow.Model), nameof(WorkRow.MaxAttempts),
        nameof(WorkRow.TimeoutSeconds), nameof(WorkRow.TargetAgent), nameof(WorkRow.TargetLabels),
        nameof(WorkRow.StateWebhookUrl), nameof(WorkRow.Wire), nameof(WorkRow.RetryOf), nameof(WorkRow.Offline),
        nameof(WorkRow.QueueKey), nameof(WorkRow.NotBefore), nameof(WorkRow.ConcurrencyKey), nameof(WorkRow.SequenceKey),
        nameof(WorkRow.RateKey), nameof(WorkRow.FairnessKey), nameof(WorkRow.RetryPauseSeconds),
    ];

    /// <summary>What the queue goes by, and never changes while the work moves.</summary>
    private static readonly string[] FixedState =
    [
        nameof(WorkRow.CorrelationId), nameof(WorkRow.CreatedAt), nameof(WorkRow.ExpiresAt), nameof(WorkRow.Demand),
        nameof(WorkRow.Share), nameof(WorkRow.Gate), nameof(WorkRow.ConcurrencyId), nameof(WorkRow.ConcurrencyLimit),
        nameof(WorkRow.SequenceId), nameof(WorkRow.RateId), nameof(WorkRow.RateLimit), nameof(WorkRow.RateSeconds),
        nameof(WorkRow.QueueId),
    ];

    private static readonly string[] NoColumns = [nameof(WorkRow.StoredPhase), nameof(WorkRow.FactsChanged)];

    /// <summary>Of <c>work</c>.</summary>
    public static IReadOnlyList<ColumnShape> FactColumns { get; } =
        [.. Common().Where(IsFact).Select(property => Shape(property, !ChangingFacts.Contains(property.Name)))];

    /// <summary>Of <c>work_state</c>.</summary>
    public static IReadOnlyList<ColumnShape> StateColumns { get; } =
        [.. Common().Where(property => !IsFact(property) || property.Name is nameof(WorkRow.CorrelationId) or nameof(WorkRow.Kind))
            .Select(property => Shape(property, FixedState.Contains(property.Name) || property.Name == nameof(WorkRow.Kind)))];

    /// <summary>The table of what a class of row adds to those of all work; null where it adds nothing.</summary>
    public static string? OwnOf(Type row) => OwnColumns(row).Count == 0 ? null : $"{ColumnShape.SnakeCase(row.Name)}s";

    /// <summary>What a lifecycle's own class of row adds; empty where it adds nothing.</summary>
    public static IReadOnlyList<ColumnShape> OwnColumns(Type row)
    {
        var own = row.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Where(IsColumn).ToList();
        return own.Count == 0
            ? []
            : [Shape(typeof(WorkRow).GetProperty(nameof(WorkRow.CorrelationId))!, true), .. own.Select(property => Shape(property, false))];
    }

    /// <summary>The tables of all work, for EF Core's migrations; what they cannot say about parts is in the first.</summary>
    public static void Map(ModelBuilder model)
    {
        model.SharedTypeEntity<Dictionary<string, object>>(Facts, table =>
        {
            Map(table, Facts, FactColumns);
            table.HasKey(Key);
            table.HasIndex("tenant", "family", Key).HasDatabaseName("ix_work_tenant");
            table.HasIndex("owner", Key).HasDatabaseName("ix_work_owner").HasFilter("owner is not null");
            table.HasIndex("family", Key).HasDatabaseName("ix_work_family").HasFilter(IsRare);
            table.HasIndex("name", Key).HasDatabaseName("ix_work_name").HasFilter("name is not null");
            table.HasIndex("labels").HasDatabaseName("ix_work_labels").HasFilter("labels <> '{}'")
                .HasMethod("gin").HasOperators("jsonb_path_ops");
        });
        model.SharedTypeEntity<Dictionary<string, object>>(State, table =>
        {
            Map(table, State, StateColumns);
            table.HasKey(Key, "phase");
        });
        foreach (var row in typeof(WorkRow).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(WorkRow))))
        {
            if (OwnOf(row) is { } own)
                MapOwn(model, own, row);
        }
    }

    private static void MapOwn(ModelBuilder model, string name, Type row) =>
        model.SharedTypeEntity<Dictionary<string, object>>(name, table =>
        {
            Map(table, name, OwnColumns(row));
            table.HasKey(Key);
        });

    private static void Map(
        EntityTypeBuilder<Dictionary<string, object>> table, string name, IReadOnlyList<ColumnShape> columns)
    {
        table.ToTable(name);
        var nullability = new NullabilityInfoContext();
        foreach (var column in columns)
        {
            var property = table.Property(column.Property.PropertyType, column.Name).HasColumnName(column.Name).ValueGeneratedNever();
            if (column.Type is not null)
                property.HasColumnType(column.Type);
            if (!column.Property.PropertyType.IsValueType)
                property.IsRequired(nullability.Create(column.Property).ReadState == NullabilityState.NotNull);
        }
    }

    private static IEnumerable<PropertyInfo> Common() => typeof(WorkRow).GetProperties().Where(IsColumn);

    private static bool IsColumn(PropertyInfo property) =>
        !NoColumns.Contains(property.Name) && (property.SetMethod is not null || property.Name == nameof(WorkRow.Phase));

    private static bool IsFact(PropertyInfo property) =>
        FixedFacts.Contains(property.Name) || ChangingFacts.Contains(property.Name);

    private static ColumnShape Shape(PropertyInfo property, bool isFixed) => new(
        property,
        property.Name == nameof(WorkRow.CorrelationId) ? Key : ColumnShape.SnakeCase(property.Name),
        property.Name switch
        {
            nameof(WorkRow.Spec) or nameof(WorkRow.Result) => "json",
            nameof(WorkRow.Labels) or nameof(WorkRow.TargetLabels) => "jsonb",
            _ => property.PropertyType == typeof(string[]) ? "text[]" : null,
        },
        isFixed);
}
