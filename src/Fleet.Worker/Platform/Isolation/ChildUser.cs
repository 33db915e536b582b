namespace Fleet.Worker.Platform.Isolation;

/// <summary>As whom the processes of one attempt run.</summary>
/// <param name="Id">The user: one of the tenant alone, unless the settings name one for all.</param>
/// <param name="Group">A group of this attempt alone. No process can leave it, so whatever came of the attempt is known by
/// it, wherever it went.</param>
/// <param name="Others">Groups that a user named by the settings is in.</param>
internal sealed record ChildUser(uint Id, uint Group, IReadOnlyList<uint> Others);
