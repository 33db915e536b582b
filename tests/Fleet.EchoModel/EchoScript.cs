namespace Fleet.EchoModel;

/// <summary>Which model behaves how; what is set for a model goes before what is set for all.</summary>
public sealed class EchoScript
{
    private const string Any = "*";

    private static readonly EchoBehaviour Well = new();

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (EchoBehaviour Behaviour, int Left)> _rules = [];

    /// <param name="model">As callers name it, with or without its tag; null means all models.</param>
    public void Set(EchoBehaviour behaviour, string? model = null)
    {
        lock (_gate)
            _rules[Key(model)] = (behaviour, behaviour.Times ?? int.MaxValue);
    }

    public void Clear()
    {
        lock (_gate)
            _rules.Clear();
    }

    /// <summary>For the next call of the model; a fault that is to happen a few times is used up by it.</summary>
    public EchoBehaviour Next(string model)
    {
        lock (_gate)
        {
            var key = _rules.ContainsKey(Key(model)) ? Key(model) : Any;
            if (!_rules.TryGetValue(key, out var rule))
                return Well;
            if (rule.Behaviour.Fault is null)
                return rule.Behaviour;
            if (rule.Left <= 0)
                return rule.Behaviour with { Fault = null };
            _rules[key] = (rule.Behaviour, rule.Left - 1);
            return rule.Behaviour;
        }
    }

    private static string Key(string? model) => model is null or Any ? Any
        : model.EndsWith(":latest", StringComparison.Ordinal) ? model[..^":latest".Length]
        : model;
}
