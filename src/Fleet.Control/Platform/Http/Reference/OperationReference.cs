using System.Text.RegularExpressions;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Http.Parameters;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Fleet.Control.Platform.Http.Reference;

/// <summary>Says of every operation what its route knows: its id, who may, what it takes, and how it says no.</summary>
internal sealed partial class OperationReference : IOpenApiOperationTransformer
{
    public const string KeyScheme = "api_key";

    private const string ProblemType = "application/problem+json";

    private ILookup<string, RouteEndpoint>? _routes;

    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        if (RouteOf(context) is not { } route)
            return Task.CompletedTask;
        var method = context.Description.HttpMethod ?? "GET";
        var tag = operation.Tags?.FirstOrDefault()?.Name ?? "";
        operation.OperationId = OperationNames.IdOf(route, method, tag);
        operation.Summary ??= OperationNames.SummaryOf(route, method, tag);
        AddParameters(operation, route);
        var isOpen = route.Metadata.GetMetadata<IAllowAnonymous>() is not null;
        if (isOpen)
            operation.Security = [new OpenApiSecurityRequirement()];
        else
            AddAccess(operation, route, context.Document!);
        AddRefusals(operation, route, isOpen, context.Document!);
        return Task.CompletedTask;
    }

    private static void AddParameters(OpenApiOperation operation, RouteEndpoint route)
    {
        operation.Parameters ??= [];
        foreach (var name in RouteParameters.Of(route).Where(name => operation.Parameters.All(known => known.Name != name)))
        {
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = name,
                In = ParameterLocation.Query,
                Schema = new OpenApiSchema { Type = name == "limit" ? JsonSchemaType.Integer : JsonSchemaType.String },
            });
        }

        foreach (var parameter in operation.Parameters.OfType<OpenApiParameter>())
            parameter.Description ??= ParameterTexts.Of(parameter.Name ?? "", parameter.In == ParameterLocation.Path);
    }

    private static void AddAccess(OpenApiOperation operation, RouteEndpoint route, OpenApiDocument document)
    {
        var scopes = route.Metadata.GetMetadata<RequiredScope>() is { } required ? ScopeNames.Of(required.Scope) : [];
        operation.Security =
        [
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(KeyScheme, document)] = [.. scopes] },
        ];
        operation.Description ??= scopes.Length > 0 ? $"Needs the scope `{string.Join("` `", scopes)}`." : "Needs any valid key.";
    }

    private static void AddRefusals(OpenApiOperation operation, RouteEndpoint route, bool isOpen, OpenApiDocument document)
    {
        operation.Responses ??= [];
        if (!isOpen)
        {
            Add("401", "The key is missing, wrong or over.");
            Add("403", "The key may not do this.");
        }

        Add("400", "What was sent is wrong; `errors` names each field or parameter.");
        if (route.RoutePattern.Parameters.Count > 0)
            Add("404", "There is none, or none that this key may see.");
        Add("429", "Too many requests; `Retry-After` says when to come again.");
        Add("503", "The database is away, or the process stops; `Retry-After` says when to come again.");

        void Add(string status, string words)
        {
            if (operation.Responses.ContainsKey(status))
                return;
            var answer = new OpenApiResponse { Description = words };
            if (route.Metadata.GetMetadata<ProblemShape>() is null)
            {
                answer.Content = new Dictionary<string, OpenApiMediaType>
                {
                    [ProblemType] = new OpenApiMediaType { Schema = new OpenApiSchemaReference(DocumentReference.Problem, document) },
                };
            }

            operation.Responses[status] = answer;
        }
    }

    private RouteEndpoint? RouteOf(OpenApiOperationTransformerContext context)
    {
        _routes ??= context.ApplicationServices.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .ToLookup(route => Plain(route.RoutePattern.RawText ?? ""));
        var method = context.Description.HttpMethod ?? "GET";
        return _routes[Plain(context.Description.RelativePath ?? "")].FirstOrDefault(
            route => route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains(method) == true);
    }

    /// <summary>A pattern without constraints, stars and outer slashes.</summary>
    private static string Plain(string pattern) => Decoration().Replace(pattern, "{$1}").Trim('/');

    [GeneratedRegex(@"\{\*{0,2}([^}:]+)[^}]*\}")]
    private static partial Regex Decoration();
}
