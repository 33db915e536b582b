using System.Globalization;

namespace Fleet.Worker.Agents.Questions;

/// <summary>The last lines that this process logged, as it logged them, for whoever asks the agent for them.</summary>
internal sealed class RecentLog(TimeProvider clock) : ILoggerProvider
{
    private const int MostLines = 10_000;
    private const int MostCharacters = 1_000_000;
    private const int LongestLine = 8_000;

    private readonly Queue<string> _lines = new();
    private readonly Lock _gate = new();
    private int _characters;

    /// <summary>Each ends with a line feed.</summary>
    public string Last(int lines)
    {
        lock (_gate)
            return string.Concat(_lines.Skip(Math.Max(0, _lines.Count - lines)).Select(line => line + "\n"));
    }

    public ILogger CreateLogger(string categoryName) => new Lines(this, categoryName);

    public void Dispose()
    {
        // nothing outlives the process
    }

    private DateTimeOffset Now => clock.GetUtcNow();

    private void Add(string line)
    {
        lock (_gate)
        {
            _lines.Enqueue(line);
            _characters += line.Length;
            while (_lines.Count > MostLines || _characters > MostCharacters)
                _characters -= _lines.Dequeue().Length;
        }
    }

    private sealed class Lines(RecentLog all, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var text = string.Create(
                CultureInfo.InvariantCulture,
                $"{all.Now:yyyy-MM-ddTHH:mm:ss.fffZ} {Word(logLevel)}: {category} {formatter(state, exception)}{Of(exception)}");
            all.Add((text.Length > LongestLine ? text[..LongestLine] : text).ReplaceLineEndings(" "));
        }

        private static string Of(Exception? exception) => exception is null ? "" : $" {exception.GetType().Name}: {exception.Message}";

        private static string Word(LogLevel level) => level switch
        {
            LogLevel.Trace => "trce",
            LogLevel.Debug => "dbug",
            LogLevel.Information => "info",
            LogLevel.Warning => "warn",
            LogLevel.Error => "fail",
            _ => "crit",
        };
    }
}
