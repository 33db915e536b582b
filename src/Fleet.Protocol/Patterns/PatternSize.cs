namespace Fleet.Protocol.Patterns;

/// <summary>How large a part becomes when its counted repetitions are written out.</summary>
internal static class PatternSize
{
    public static int Of(PatternNode node) => node switch
    {
        RepeatNode repeat => Times(Math.Max(1, repeat.Most ?? Math.Max(1, repeat.Least)), Of(repeat.Part)),
        SequenceNode sequence => sequence.Parts.Select(Of).DefaultIfEmpty(1).Max(),
        ChoiceNode choice => choice.Parts.Select(Of).DefaultIfEmpty(1).Max(),
        _ => 1,
    };

    private static int Times(int count, int size) => (int)Math.Min(int.MaxValue, (long)count * size);
}
