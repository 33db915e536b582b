using System.Formats.Tar;
using System.IO.Compression;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace Fleet.Control.Tests.Experiments.Support;

/// <summary>Archives of commits, right and wrong ones.</summary>
internal static class TestArchive
{
    /// <summary>A script that says hello, and what it depends on.</summary>
    public static byte[] Hello => Of(("run.sh", "echo hello \"$@\"\n"), ("requirements.txt", "numpy\n"));

    public static byte[] Of(params (string Path, string Text)[] files) =>
        Of([.. files.Select(file => Entry(file.Path, file.Text))]);

    public static byte[] Of(params TarEntry[] entries)
    {
        using var bytes = new MemoryStream();
        using (var tar = new TarWriter(bytes, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var entry in entries)
                tar.WriteEntry(entry);
        }

        return bytes.ToArray();
    }

    public static PaxTarEntry Entry(string path, string text, bool executable = false) => new(TarEntryType.RegularFile, path)
    {
        DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)),
        Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | (executable ? UnixFileMode.UserExecute : UnixFileMode.None),
    };

    public static byte[] Zip(byte[] archive)
    {
        using var bytes = new MemoryStream();
        using (var zip = new GZipStream(bytes, CompressionLevel.Fastest))
            zip.Write(archive);
        return bytes.ToArray();
    }

    public static string NewCommit() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(20));

    public static async Task<HttpResponseMessage> Upload(this HttpClient http, string commit, byte[] archive)
    {
        using var content = new ByteArrayContent(archive);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-tar");
        return await http.PutAsync($"/v1/experiments/{commit}/archive", content);
    }
}
