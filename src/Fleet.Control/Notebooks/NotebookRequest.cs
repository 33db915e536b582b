using System.Text.Json;
using Fleet.Contracts.Agents;
using Fleet.Control.Platform.Artifacts;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Requests;

namespace Fleet.Control.Notebooks;

/// <summary>A notebook as clients ask for it.</summary>
internal sealed class NotebookRequest
{
    /// <summary>How it is read: strictly, but that null is left out.</summary>
    public static JsonSerializerOptions Json { get; } = new(FleetJson.Requests) { RespectNullableAnnotations = false };

    /// <summary>What JSON calls null is left out.</summary>
    public string Name { get; init => field = value ?? ""; } = "";

    /// <summary>The directory below the notebook's own in which it begins; made where it is not there.</summary>
    public string Workspace { get; init => field = value ?? ""; } = "";

    /// <summary>What opens it, 12 to 200 characters; one is made where this is left out.</summary>
    public string? Token { get; init; }

    /// <summary>Where it runs; whoever has the fewest where this is left out.</summary>
    public string? Agent { get; init; }

    /// <exception cref="ProblemException">Something is wrong; the fields are named.</exception>
    public void Check()
    {
        var rules = new Rules();
        rules.Check(this);
        if (rules.Wrong.Count > 0)
            throw new ProblemException(Problem.Invalid(rules.Wrong));
    }

    /// <param name="token">Null is right: then one is made.</param>
    /// <exception cref="ProblemException">It is none.</exception>
    public static void CheckToken(string? token) => new NotebookRequest { Name = "any", Token = token }.Check();

    private sealed class Rules() : FieldRules("")
    {
        private const int MostName = 100;
        private const int LeastToken = 12;
        private const int MostToken = 200;

        public void Check(NotebookRequest wanted)
        {
            Filled("name", wanted.Name, MostName);
            if (wanted.Name.Any(char.IsControl))
                Refuse("name", "This must not hold control characters.");
            if (wanted.Workspace.Length > 0 && !ArtifactName.IsName(wanted.Workspace))
                Refuse("workspace", $"This is a directory below the notebook's own. {ArtifactName.Rule}");
            if (wanted.Token is { } token && (token.Length is < LeastToken or > MostToken || !token.All(IsVisible)))
                Refuse("token", $"This must have {LeastToken} to {MostToken} characters of ASCII, without blanks.");
            if (wanted.Agent is { } agent && !AgentAddress.IsName(agent))
                Refuse("agent", "This is not a name that an agent can have.");
        }

        private static bool IsVisible(char letter) => letter is > ' ' and <= '~';
    }
}

/// <summary>A notebook that is to start once more.</summary>
internal sealed class RestartRequest
{
    /// <summary>What opens it from now on; the former one where this is left out.</summary>
    public string? Token { get; init; }
}
