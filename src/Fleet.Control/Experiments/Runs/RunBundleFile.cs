using System.Text.Json;
using Fleet.Control.Experiments.Metrics;
using Fleet.Control.Platform.Http;

namespace Fleet.Control.Experiments.Runs;

/// <summary>
/// Writes what is known of a run with all points of its metrics into a file that goes when it is closed: an archive says how long
/// an entry is before it holds it, and points are too many for memory.
/// </summary>
internal sealed class RunBundleFile(RunBundle bundle, SeriesReader series)
{
    private const string Metrics = "metrics";
    private const int FlushedBytes = 64 * 1024;

    /// <summary>At its beginning.</summary>
    public async Task<FileStream> Of(RunView run, bool isAnonymous, Platform.Access.Caller caller, CancellationToken stop)
    {
        var (rest, redaction) = await bundle.WithoutPoints(run, isAnonymous, caller, stop);
        var file = new FileStream(Path.GetTempFileName(), new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.ReadWrite,
            Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous,
        });
        try
        {
            await using (var json = new Utf8JsonWriter(file, new JsonWriterOptions { Encoder = FleetJson.Options.Encoder }))
            {
                json.WriteStartObject();
                foreach (var (name, value) in rest.AsObject())
                {
                    json.WritePropertyName(name);
                    if (name == Metrics)
                        await Write(json, run, redaction, stop);
                    else if (value is null)
                        json.WriteNullValue();
                    else
                        value.WriteTo(json, FleetJson.Options);
                }

                json.WriteEndObject();
            }

            file.Position = 0;
            return file;
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    private async Task Write(Utf8JsonWriter json, RunView run, Redaction? redaction, CancellationToken stop)
    {
        json.WriteStartArray();
        foreach (var one in run.Metrics)
        {
            json.WriteStartObject();
            json.WriteString("name", redaction?.Of(one.Name) ?? one.Name);
            json.WriteStartArray("points");
            var total = 0L;
            await foreach (var point in series.All(run.RunId, one.Name, stop))
            {
                JsonSerializer.Serialize(json, new PointView(point.Step, point.At, point.Value), FleetJson.Options);
                total++;
                if (json.BytesPending > FlushedBytes)
                    await json.FlushAsync(stop);
            }

            json.WriteEndArray();
            json.WriteNumber("total", total);
            json.WriteBoolean("downsampled", false);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
