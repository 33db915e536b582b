using Fleet.Control.Platform.Access;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Fleet.Control.Platform.Http.Reference;

/// <summary>What holds for the whole reference: where it is served, how to prove oneself, how a problem looks.</summary>
internal sealed class DocumentReference : IOpenApiDocumentTransformer
{
    public const string Problem = "Problem";

    private static readonly Dictionary<string, string> Tags = new()
    {
        ["Access"] = "API keys, and what a key may.",
        ["Agents"] = "The hosts that run work: enrolment, state, labels, draining.",
        ["Alerts"] = "What is wrong with backups.",
        ["Artifacts"] = "Files that work leaves.",
        ["Audit"] = "Who did what, and what was refused.",
        ["Backups"] = "Backups by restic, and whatever else is done with a repository, as work.",
        ["Bulk"] = "One action on all work that a filter finds, with a count before.",
        ["Chat"] = "Conversations with models.",
        ["Conversations"] = "Conversations with models, and their turns in order.",
        ["Datasets"] = "What experiments read, by URL and digest.",
        ["Dead letters"] = "Messages that nobody could take.",
        ["Events"] = "Everything that changes, as one stream.",
        ["Executions"] = "Manifests on many hosts: waves, brakes, counts.",
        ["Experiments"] = "Commits, runs, metrics, and why a run was made.",
        ["Freezes"] = "What is held until it is thawed.",
        ["Groups"] = "Agents under a name.",
        ["Hosts"] = "restic-manager's wire: hosts whose agents come over a socket.",
        ["Jobs"] = "Commands, model calls and other jobs.",
        ["Lifecycles"] = "The states of work, and what leads from one to another.",
        ["Manifests"] = "Declared commands, by name and version.",
        ["Notebooks"] = "Jupyter servers on agents, reached through the edge.",
        ["Ollama"] = "Ollama's wire (https://github.com/ollama/ollama/blob/main/docs/api.md).",
        ["OpenAI"] = "OpenAI's wire: chat completions, embeddings, responses.",
        ["Queues"] = "What lies in the queues of the broker.",
        ["Repositories"] = "Where backups lie.",
        ["Results"] = "What executions left on each host, searched by patterns.",
        ["Retention"] = "How long what has ended is kept.",
        ["Schedules"] = "When work starts by itself, and what became of each time.",
        ["Snapshots"] = "What lies in repositories: lists, trees, files.",
        ["Source groups"] = "What is backed up, and how.",
        ["Turns"] = "Questions to models and their answers, as work.",
        ["Webhooks"] = "Who is told what, and whether that succeeded.",
        ["foreman"] = "foreman's wire: jobs for models and commands.",
        ["kanade"] = "kanade's wire: manifests, schedules and results; errors are lines of text.",
    };

    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info.Title = "Fleet";
        document.Info.Description = "Runs work on many hosts and never loses track of it.";
        document.Info.License = new OpenApiLicense { Name = "Apache 2.0", Identifier = "Apache-2.0" };
        document.Servers = [new OpenApiServer { Url = "/", Description = "The edge that served this page." }];
        document.Components ??= new OpenApiComponents();
        document.Components.Schemas ??= new Dictionary<string, IOpenApiSchema>();
        document.Components.Schemas[Problem] = Shape();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        document.Components.SecuritySchemes[OperationReference.KeyScheme] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = $"An API key. Roles are bundles of scopes: {string.Join(", ", ScopeNames.AllRoles)}.",
        };
        foreach (var tag in document.Tags ?? new HashSet<OpenApiTag>())
        {
            if (tag.Name is { } name && Tags.TryGetValue(name, out var words))
                tag.Description ??= words;
        }

        return Task.CompletedTask;
    }

    /// <summary>RFC 9457, with <c>code</c>, <c>errors</c> and <c>trace_id</c>.</summary>
    private static OpenApiSchema Shape() => new()
    {
        Type = JsonSchemaType.Object,
        Description = "What is wrong (RFC 9457).",
        Required = new HashSet<string> { "type", "title", "status", "detail", "code" },
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["type"] = Text("A URN that ends with the code."),
            ["title"] = Text("The status in words."),
            ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Description = "The HTTP status." },
            ["detail"] = Text("A sentence for people."),
            ["code"] = Text("For programs: `invalid_field`, `not_found`, `forbidden`, …"),
            ["trace_id"] = Text("What the logs call this request."),
            ["errors"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Description = "Sentences by field.",
                AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.Array, Items = Text("A sentence.") },
            },
        },
    };

    private static OpenApiSchema Text(string words) => new() { Type = JsonSchemaType.String, Description = words };
}
