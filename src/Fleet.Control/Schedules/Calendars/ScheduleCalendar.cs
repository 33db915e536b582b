using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Fleet.Control.Schedules.Calendars;

/// <summary>Days with a name, on which schedules that name it are not due.</summary>
internal sealed class ScheduleCalendar
{
    public string Tenant { get; set; } = "";

    public string Name { get; set; } = "";

    public string[] Days { get; set; } = [];

    public DateTimeOffset UpdatedAt { get; set; }

    /// <summary>Name of the key that wrote it last.</summary>
    public string UpdatedBy { get; set; } = "";
}

/// <summary>Table <c>schedule_calendars</c>.</summary>
internal sealed class CalendarTables : IEntityTypeConfiguration<ScheduleCalendar>
{
    public void Configure(EntityTypeBuilder<ScheduleCalendar> builder)
    {
        builder.ToTable("schedule_calendars");
        builder.HasKey(calendar => new { calendar.Tenant, calendar.Name });
    }
}
