using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests.Backups;

/// <summary>Files of every sort, and what can be told of them.</summary>
internal static class SourceTree
{
    private const string Make =
        """
        set -e
        mkdir -p "$1/many" "$1/special/empty" "$1/special/deep/er"
        cd "$1/many"
        for n in $(seq "$2"); do echo "file $n of many, $RANDOM $RANDOM" >"file-$n.txt"; done
        cd ../special
        head -c 3000000 /dev/urandom >random.bin
        echo linked >one; ln one other; ln -s one symbolic; ln -s /nowhere dangling
        truncate -s 5000000 sparse; printf end >>sparse
        printf 'bytes that are no UTF-8' >"$(printf 'odd-\377\376-name')"
        printf 'star' >'st*r [1].txt'
        : >nothing
        chmod 4711 one; chmod 0600 random.bin; chmod 1777 deep
        touch -d '2001-02-03 04:05:06.789 UTC' deep/er deep sparse
        [ "$(id -u)" != 0 ] || chown 1234:4321 random.bin
        """;

    /// <summary>Hashes over contents, modes, owners, times, targets and links of everything, whatever its name is.</summary>
    private const string Tell =
        """
        cd "$1"
        find . -type f -exec sha256sum {} + | LC_ALL=C sort -k2 | sha256sum
        find . -printf '%P|%y|%m|%U|%G|%T@|%l|%s\n' | grep -av '|d|' | LC_ALL=C sort | sha256sum
        find . -type d -printf '%P|%m|%U|%G|%T@\n' | LC_ALL=C sort | sha256sum
        find . -type f -links +1 -printf '%P %n\n' | LC_ALL=C sort | sha256sum
        find . | wc -l
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public static Task Create(string directory, int files) => Script(Make, directory, $"{files}");

    public static Task<string> Describe(string directory) => Script(Tell, directory);

    public static Task<string> Script(string script, params string[] arguments) =>
        Shell.Run("bash", ["-c", script, "bash", .. arguments], new Dictionary<string, string>(), Patience);
}
