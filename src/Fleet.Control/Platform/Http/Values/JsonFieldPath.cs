using System.Text.Json;

namespace Fleet.Control.Platform.Http.Values;

/// <summary>Where a reader of JSON is, as problems name it: <c>start.job.labels.x</c>, <c>items[2].name</c>.</summary>
internal sealed class JsonFieldPath
{
    private readonly Stack<Level> _levels = new();

    /// <summary>To be told of every token in its turn, before <see cref="Enter"/>.</summary>
    /// <param name="name">What a property's token says.</param>
    /// <returns>False when the object here has a property of that name already.</returns>
    public bool Follow(JsonTokenType token, string? name)
    {
        if (token is JsonTokenType.EndArray or JsonTokenType.EndObject)
        {
            _levels.Pop();
            return true;
        }

        if (token == JsonTokenType.PropertyName)
            return _levels.Peek().IsNew(name ?? "?");
        if (_levels.TryPeek(out var level))
            level.Index++;
        return true;
    }

    /// <summary>The token opens a list or an object.</summary>
    public void Enter(JsonTokenType token)
    {
        if (token is JsonTokenType.StartArray or JsonTokenType.StartObject)
            _levels.Push(new Level(token == JsonTokenType.StartArray));
    }

    public override string ToString()
    {
        var written = string.Concat(_levels.Reverse().Select(level => level.IsList ? $"[{level.Index}]" : $".{level.Name}"));
        return written.TrimStart('.').Replace('\0', '?') is { Length: > 0 } field ? field : "body";
    }

    private sealed class Level(bool isList)
    {
        private readonly HashSet<string> _names = new(StringComparer.Ordinal);

        public bool IsList { get; } = isList;

        public int Index { get; set; } = -1;

        public string Name { get; private set; } = "";

        public bool IsNew(string name)
        {
            Name = name;
            return _names.Add(name);
        }
    }
}
