using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Fleet.Control.Platform.Http.Reference;

/// <summary>Says the type of values that converters of the API's own write: ids and times are texts.</summary>
internal sealed class SchemaReference : IOpenApiSchemaTransformer
{
    public Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var declared = context.JsonTypeInfo.Type;
        var type = Nullable.GetUnderlyingType(declared) ?? declared;
        if (schema.Type is not null || (type != typeof(Guid) && type != typeof(DateTimeOffset) && !type.IsEnum))
            return Task.CompletedTask;
        schema.Type = type == declared ? JsonSchemaType.String : JsonSchemaType.String | JsonSchemaType.Null;
        if (type == typeof(Guid))
        {
            schema.Format = null;
            schema.Pattern = "^[0-9A-HJKMNP-TV-Z]{26}$";
            schema.Description ??= "An id.";
        }
        else if (type == typeof(DateTimeOffset))
        {
            schema.Format = "date-time";
        }

        return Task.CompletedTask;
    }
}
