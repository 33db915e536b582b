using Fleet.Control.Platform.Persistence;

namespace Fleet.Control.Platform.Announcements;

/// <summary>How a unit announces: it is told only if, and only after, its transaction committed.</summary>
internal static class UnitAnnouncements
{
    public static void Announce(this Unit unit, Announcement announcement) => unit.Announcements.Add(announcement);
}
