using System.ComponentModel.DataAnnotations;
using Fleet.Contracts.Agents;
using Fleet.Hosting;
using Fleet.Worker.Platform.Isolation;
using Fleet.Worker.Platform.Sessions;
using Fleet.Worker.Platform.Upstreams;

namespace Fleet.Worker;

/// <summary>What the settings of an agent must look like, as sentences about what does not.</summary>
internal static class WorkerSettingsRules
{
    private const int MostSlots = 10_000;

    public static IEnumerable<string> Wrongs(WorkerSettings worker)
    {
        if (!AgentAddress.IsName(worker.Name))
            yield return $"Worker:Name is '{worker.Name}'; use up to 60 lower-case letters, digits and inner hyphens, without "
                + "-out at the end.";
        if (!Uri.TryCreate(worker.Control, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            yield return
                $"Worker:Control is '{worker.Control}'; give the URL of the edge, such as http://127.0.0.1:8080.";
        if (Authorities.Wrong("Worker:CaFile", worker.CaFile) is { } authorities)
            yield return authorities;
        foreach (var wrong in WrongSlots(worker).Concat(UpstreamRules.Wrongs(worker.Upstreams))
            .Concat(WrongsOf("Worker:Backups", worker.Backups)).Concat(WrongsOf("Worker:Notebooks", worker.Notebooks))
            .Concat(WrongsOf("Worker:Logons", worker.Logons)))
            yield return wrong;
        if (WrongRunAs(worker) is { } users)
            yield return users;
        if (WrongToken(worker) is { } sentence)
            yield return sentence;
    }

    /// <summary>What the attributes of a section within this one say.</summary>
    private static IEnumerable<string> WrongsOf(string section, object settings)
    {
        var wrong = new List<ValidationResult>();
        Validator.TryValidateObject(settings, new ValidationContext(settings), wrong, validateAllProperties: true);
        return wrong.Select(result => $"{section}: {result.ErrorMessage}");
    }

    private static IEnumerable<string> WrongSlots(WorkerSettings worker)
    {
        foreach (var (capability, slots) in worker.Slots)
        {
            if (slots is < 0 or > MostSlots)
                yield return $"Worker:Slots:{capability} is {slots}; give a number from 0 to {MostSlots}.";
            if (capability is WorkerSettings.InferenceSlots or WorkerSettings.EmbeddingSlots)
                yield return $"Worker:Slots:{capability} is counted from Worker:Upstreams; leave it out.";
        }

        if (worker.Upstreams.Values.Sum(upstream => (long)Math.Max(upstream.Generations, upstream.Embeddings)) > MostSlots)
            yield return $"Worker:Upstreams together have more than {MostSlots} generations or embeddings at once.";
    }

    private static string? WrongRunAs(WorkerSettings worker)
    {
        if (worker.RunAs is "0" or "root")
            return "Worker:RunAs is root: then jobs own this host. Name a user without rights, or a range of ids.";
        if (!worker.RunAs.Contains('-') || !char.IsAsciiDigit(worker.RunAs[0]))
            return null;
        var least = 2 * worker.Slots.GetValueOrDefault("command"); // the attempts of one run use half of it
        return IdRange.Parse(worker.RunAs) is { } range && range.Length >= least
            ? null
            : $"Worker:RunAs is '{worker.RunAs}'; give a range of at least {least} ids, such as 200000-209999: two a slot for "
                + "commands.";
    }

    private static string? WrongToken(WorkerSettings worker)
    {
        try
        {
            if (LacksToken(worker))
            {
                return $"Worker:EnrolmentTokenFile is '{worker.EnrolmentTokenFile}', and there is no such file; nor has this host an "
                    + "agent's token yet. Write the one-time token there, or leave the setting out to be approved by hand.";
            }

            return worker.Secrets.All(token => token.All(letter => letter is > ' ' and <= '~'))
                ? null
                : "A token holds characters that no token has: look into Worker:EnrolmentToken, the file of "
                    + "Worker:EnrolmentTokenFile, and Worker:Token.";
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return $"Worker:EnrolmentTokenFile cannot be read: {unreadable.Message}";
        }
    }

    /// <summary>It is told of a file that is not there, and has no other way to prove itself.</summary>
    private static bool LacksToken(WorkerSettings worker) =>
        worker.EnrolmentTokenFile.Length > 0 && worker.EnrolmentToken.Length == 0 && worker.Token.Length == 0
        && !Path.Exists(worker.EnrolmentTokenFile) && !File.Exists(Path.Combine(worker.Home, ControlClient.TokenFile));
}
