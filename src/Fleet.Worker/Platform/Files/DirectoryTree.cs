using Fleet.Worker.Platform.Processes;

namespace Fleet.Worker.Platform.Files;

/// <summary>Directories in which strangers worked.</summary>
internal static class DirectoryTree
{
    private const string MakeWritableAndRemove = "exec >/dev/null 2>&1; chmod -R u+rwx -- \"$0\"; exec rm -rf -- \"$0\"";

    /// <summary>
    /// Removes a directory with all that is in it, links but not what they lead to. .NET cannot remove names that are
    /// not UTF-8, nor enter what its owner locked: <c>rm</c> can.
    /// </summary>
    /// <param name="byOthers">Another user worked in it, and may be at it still: what lies deeper is left to <c>rm</c>, which
    /// cannot be led elsewhere by somebody who changes directories meanwhile.</param>
    /// <exception cref="IOException">Something of it stays.</exception>
    public static async Task Delete(string path, bool byOthers = false)
    {
        try
        {
            if (byOthers)
            {
                foreach (var inside in Directory.EnumerateFileSystemEntries(path))
                    DeleteOne(inside);
            }

            Directory.Delete(path, recursive: !byOthers);
        }
        catch (DirectoryNotFoundException)
        {
            // gone is gone
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            await DeleteByForce(path);
        }
    }

    private static void DeleteOne(string path)
    {
        if (File.GetAttributes(path).HasFlag(FileAttributes.Directory))
            Directory.Delete(path);
        else
            File.Delete(path);
    }

    private static async Task DeleteByForce(string path)
    {
        try
        {
            using var remover = ChildProcess.Start(new ChildCommand(
                "/bin/sh", ["sh", "-c", MakeWritableAndRemove, path], ["PATH=/usr/bin:/bin"], "/"));
            await remover.Ended;
            if (remover.Reap().ExitCode != 0)
                throw new IOException($"rm could not remove all of {path}.");
        }
        catch (ChildStartException noShell)
        {
            throw new IOException(noShell.Message, noShell);
        }
    }
}
