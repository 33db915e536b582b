namespace Fleet.Control.Experiments.Metrics;

/// <summary>
/// Keeps what shows the shape of a series: of each of a number of equal parts the first and last point, the least and the
/// greatest. What is no number stays where it is the first or last.
/// </summary>
/// <param name="total">How many points will come, more or less.</param>
/// <param name="most">How many may stay, at least 4.</param>
internal sealed class Downsampling(long total, int most)
{
    private const int OfEach = 4;

    private readonly List<PointBytes.RawPoint> _kept = [];
    private readonly long _part = total <= most ? 1 : (long)Math.Ceiling((double)total / Math.Max(1, most / OfEach));
    private PointBytes.RawPoint _first;
    private PointBytes.RawPoint _last;
    private (PointBytes.RawPoint Point, long Place) _least;
    private (PointBytes.RawPoint Point, long Place) _greatest;
    private long _inPart;

    /// <summary>How many came.</summary>
    public long Seen { get; private set; }

    /// <param name="bytes">Points as <see cref="PointBytes"/> writes them.</param>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        for (var i = 0; i < bytes.Length / PointBytes.Size; i++)
            Add(PointBytes.Read(bytes, i));
    }

    /// <summary>All that stay, in their order.</summary>
    public List<Point> End()
    {
        if (_inPart > 0)
            EndPart();
        return _kept.ConvertAll(point => point.ToPoint());
    }

    private void Add(PointBytes.RawPoint point)
    {
        Seen++;
        if (_part == 1)
        {
            _kept.Add(point);
            return;
        }

        if (_inPart == 0)
            (_first, _least, _greatest) = (point, (point, 0), (point, 0));
        if (point.Value < _least.Point.Value || double.IsNaN(_least.Point.Value))
            _least = (point, _inPart);
        if (point.Value > _greatest.Point.Value || double.IsNaN(_greatest.Point.Value))
            _greatest = (point, _inPart);
        _last = point;
        if (++_inPart == _part)
            EndPart();
    }

    private void EndPart()
    {
        var last = _inPart - 1;
        var kept = new SortedDictionary<long, PointBytes.RawPoint>
        {
            [0] = _first,
            [_least.Place] = _least.Point,
            [_greatest.Place] = _greatest.Point,
            [last] = _last,
        };
        _kept.AddRange(kept.Values);
        _inPart = 0;
    }
}
