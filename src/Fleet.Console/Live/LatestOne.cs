namespace Fleet.Console.Live;

/// <summary>
/// Something that runs for a page, and that is begun anew whenever something else is wanted: however quickly that happens, the
/// latest alone goes on, and none when the page is left, also where it was left while one was being prepared.
/// </summary>
internal sealed class LatestOne<T> : IDisposable where T : class, IDisposable
{
    private T? _current;
    private int _wanted;
    private bool _isOver;

    /// <param name="prepare">Is awaited, when the one before has ended.</param>
    /// <param name="begin">Is called unless another one is wanted by then, or none.</param>
    public async Task Begin(Func<Task> prepare, Func<T> begin)
    {
        var mine = ++_wanted;
        End();
        await prepare();
        if (mine == _wanted && !_isOver)
            _current = begin();
    }

    public void Dispose()
    {
        _isOver = true;
        End();
    }

    private void End()
    {
        _current?.Dispose();
        _current = null;
    }
}
