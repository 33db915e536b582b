using System.IO.Enumeration;
using System.Text.Json;
using Fleet.Contracts.Backups;
using Fleet.Worker.Attempts.Calls;
using Fleet.Worker.Backups.Operations;

namespace Fleet.Worker.Backups.Questions;

/// <summary>What is in a directory, or has a name like the one that is wanted, as lines of JSON.</summary>
internal sealed class EntriesAnswer(ResticStream restic, ReadSnapshot question) : IAnswerSource
{
    private const int PieceBytes = 64 * 1024;
    private const string Root = "/";

    private readonly bool _isList = question.Operation == ReadSnapshot.List;
    private bool _isDirectoryThere = question.Path == Root;
    private int _left = question.Limit;

    public async Task<ReadOnlyMemory<byte>> Begin()
    {
        var piece = await Gather();
        if (!piece.IsEmpty || _left == 0)
            return piece;
        if (await restic.Failure() is { } failure)
            throw new UnansweredException(failure);
        return _isList && !_isDirectoryThere
            ? throw new UnansweredException(new NoAnswer(NoAnswer.NoPath, "There is no directory at this path in the snapshot."))
            : piece;
    }

    public async Task<ReadOnlyMemory<byte>> Next()
    {
        var piece = await Gather();
        return piece.IsEmpty && _left > 0 && await restic.Failure() is { } failure ? throw new IOException(failure.Message) : piece;
    }

    /// <summary>Empty when there is no more, or no more is wanted.</summary>
    private async Task<ReadOnlyMemory<byte>> Gather()
    {
        using var piece = new MemoryStream();
        while (_left > 0 && piece.Length < PieceBytes && await restic.Lines.ReadLineAsync() is { } line)
        {
            if (Read(line) is not { } entry)
                continue;
            piece.Write([.. CallResult.Bytes(entry), (byte)'\n']);
            _left--;
        }

        return piece.ToArray();
    }

    /// <summary>Null where it is not wanted.</summary>
    private SnapshotEntry? Read(string line)
    {
        if (ResticLines.Read(line) is not ResticLine.Other(var json, "node") || Specs.Text(json, "path") is not { } path)
            return null;
        var type = Specs.Text(json, "type") ?? "file";
        _isDirectoryThere |= path == question.Path && type == "dir";
        return IsWanted(path)
            ? new SnapshotEntry(
                Specs.Text(json, "name") ?? path[(path.LastIndexOf('/') + 1)..], type, path, Specs.Whole(json, "size"), Time(json),
                Specs.Whole(json, "mode"), Specs.Whole(json, "uid"), Specs.Whole(json, "gid"), Specs.Text(json, "linktarget"))
            : null;
    }

    private bool IsWanted(string path)
    {
        var parent = question.Path == Root ? Root : question.Path + "/";
        if (path.Length <= parent.Length || !path.StartsWith(parent, StringComparison.Ordinal))
            return false;
        return _isList
            ? path.IndexOf('/', parent.Length) < 0
            : FileSystemName.MatchesSimpleExpression(question.Name ?? "*", path.AsSpan(path.LastIndexOf('/') + 1), ignoreCase: true);
    }

    private static DateTimeOffset? Time(JsonElement json) =>
        json.TryGetProperty("mtime", out var time) && time.TryGetDateTimeOffset(out var at) ? at.ToUniversalTime() : null;
}
