namespace Fleet.Control.Platform.Work;

/// <summary>A kind of work, as far as the engine needs to know it.</summary>
/// <param name="Name">As clients and agents call it: <c>command</c>.</param>
/// <param name="Family">Whose lifecycle it has: <see cref="IWorkFamily.Name"/>.</param>
/// <param name="Outputs">Streams that its attempts write.</param>
/// <param name="OtherOutput">The one of them for what an agent calls otherwise: an agent may say anything.</param>
/// <param name="IsRepeatable">Whether a copy of finished work means something by itself. Where work belongs to something that names
/// it, a copy would be nobody's.</param>
internal sealed record WorkKind(
    string Name, string Family, IReadOnlyList<string> Outputs, string OtherOutput, bool IsRepeatable = true)
{
    public string OutputOf(string? stream) => stream is not null && Outputs.Contains(stream) ? stream : OtherOutput;
}
