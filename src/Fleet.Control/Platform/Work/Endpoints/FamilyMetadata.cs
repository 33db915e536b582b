namespace Fleet.Control.Platform.Work.Endpoints;

/// <summary>Whose work the routes of a group are about.</summary>
internal sealed record FamilyMetadata(IWorkFamily Family);
