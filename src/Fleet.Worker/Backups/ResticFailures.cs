using Fleet.Contracts.Backups;

namespace Fleet.Worker.Backups;

/// <summary>What went wrong, as a code and a sentence that a person can act upon.</summary>
/// <param name="IsFinal">Another attempt would end the same.</param>
internal sealed record ResticFailure(string Code, string Sentence, bool IsFinal = false);

/// <summary>
/// What the end of restic means: exit codes since 0.17, and before that, when all were 1, what it wrote.
/// </summary>
internal static class ResticFailures
{
    /// <summary>Each is looked for in all that restic wrote, from the first: what is above explains what is below.</summary>
    private static readonly (string Code, string Do, bool IsFinal, string[] Texts)[] Table =
    [
        (BackupErrors.Locked, "Another process uses the repository; it is tried again later.", false,
            ["already locked", "unable to create lock in backend", "failed to lock repository"]),
        (BackupErrors.WrongPassword, "The password does not open the repository: correct it there.", true,
            ["wrong password or no key found"]),
        (BackupErrors.RepositoryExists, "There is a repository at this URL already.", true,
            ["config file already exists", "config already exists", "already initialized"]),
        (BackupErrors.DiskFull, "No room is left: free some where the repository lies, or on the host.", false,
            ["no space left on device", "disk quota exceeded", "file too large", "507 Insufficient"]),
        (BackupErrors.Unreachable, "The repository cannot be reached: look at its URL, its server and the network.", false,
            ["connection refused", "no such host", "network is unreachable", "i/o timeout", "no route to host", "connection reset",
             "tls handshake", "timeout awaiting response", "server misbehaving"]),
        (BackupErrors.Denied, "The credentials may not do this: everyday ones may only append, the admin slot may remove.", true,
            ["403 forbidden", "(403)", "401 unauthorized", "(401)", "access denied", "permission denied", "405 method not allowed",
             "unexpected http response (403)", "operation not permitted"]),
        (BackupErrors.NoRepository, "There is no repository at this URL: make it with a backup of the kind init.", true,
            ["is there a repository at the following location", "repository does not exist", "unable to open config file",
             "bucket does not exist"]),
        (BackupErrors.NoSnapshot, "There is no such snapshot.", true,
            ["no snapshot found", "no matching id found", "snapshot not found", "invalid id", "no matching ID"]),
        (BackupErrors.NoSource, "Nothing of what is to be backed up is there.", false,
            ["all source directories/files do not exist", "all target directories/files do not exist", "nothing to backup"]),
        (BackupErrors.Corrupt, "Data of the repository is damaged: check it, and repair it as restic's manual says.", true,
            ["repository contains errors", "ciphertext verification failed", "hash mismatch", "does not match id", "invalid data returned",
             "pack file is corrupt", "the repository is damaged", "integrity check failed", "number of files with errors",
             "is not referenced in any index", "not found in index", "missing blob", "size does not match", "does not exist in the index"]),
    ];

    /// <param name="said">As it was written.</param>
    /// <param name="redacted">Takes secrets out of what is shown of it.</param>
    public static ResticFailure Of(int? code, string? signal, IReadOnlyList<string> said, Func<string, string> redacted)
    {
        var named = code switch
        {
            10 => Find(BackupErrors.NoRepository),
            11 => Find(BackupErrors.Locked),
            12 => Find(BackupErrors.WrongPassword),
            _ => null,
        };
        var row = named ?? Match(said);
        var last = said.LastOrDefault(line => line.Length > 0)
            ?? (signal is null ? $"It exited with code {code}." : $"It was ended by {signal}.");
        var words = redacted(said.LastOrDefault(line => line.StartsWith("Fatal:", StringComparison.Ordinal)) ?? last);
        return row is { } known
            ? new ResticFailure(known.Code, $"{known.Do} restic: {words}", known.IsFinal)
            : new ResticFailure(BackupErrors.Restic, $"restic: {words}");
    }

    private static (string Code, string Do, bool IsFinal)? Match(IReadOnlyList<string> said)
    {
        foreach (var (code, what, isFinal, texts) in Table)
        {
            if (said.Any(line => texts.Any(text => line.Contains(text, StringComparison.OrdinalIgnoreCase))))
                return (code, what, isFinal);
        }

        return null;
    }

    private static (string Code, string Do, bool IsFinal)? Find(string code)
    {
        var row = Array.Find(Table, one => one.Code == code);
        return (row.Code, row.Do, row.IsFinal);
    }
}
