using System.Collections.Frozen;

namespace Fleet.Protocol.Patterns;

/// <summary>Unicode classes by RE2's names: general categories, and scripts as far as blocks of their own say what they are.</summary>
internal static class PatternCategories
{
    private static readonly FrozenSet<string> General = new[]
    {
        "C", "Cc", "Cf", "Co", "Cs", "L", "Ll", "Lm", "Lo", "Lt", "Lu", "M", "Mc", "Me", "Mn", "N", "Nd", "Nl", "No",
        "P", "Pc", "Pd", "Pe", "Pf", "Pi", "Po", "Ps", "S", "Sc", "Sk", "Sm", "So", "Z", "Zl", "Zp", "Zs",
    }.ToFrozenSet();

    /// <summary>Null where there is no such class.</summary>
    public static string? Find(string name, bool isNegated) =>
        General.Contains(name) ? $@"\{(isNegated ? 'P' : 'p')}{{{name}}}" : null;
}
