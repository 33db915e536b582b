using System.Reflection;
using Microsoft.AspNetCore.Mvc;

namespace Fleet.Control.Platform.Http.Parameters;

/// <summary>The parameters of the query that a route knows: those of its handler, and those that its metadata name.</summary>
internal static class RouteParameters
{
    private static readonly Type[] Texts = [typeof(string), typeof(Guid), typeof(DateTimeOffset), typeof(decimal), typeof(string[])];

    public static IReadOnlyList<string> Of(RouteEndpoint route)
    {
        var inPath = route.RoutePattern.Parameters.Select(parameter => parameter.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var ofHandler = route.Metadata.GetMetadata<MethodInfo>()?.GetParameters() ?? [];
        return
        [
            .. ofHandler.SelectMany(parameter => NamesOf(parameter, inPath))
                .Concat(route.Metadata.GetOrderedMetadata<TakenParameters>().SelectMany(taken => taken.Names))
                .Distinct(),
        ];
    }

    private static IEnumerable<string> NamesOf(ParameterInfo parameter, HashSet<string> inPath)
    {
        if (parameter.ParameterType.IsAssignableTo(typeof(IQueryParameters)))
        {
            return (IReadOnlyList<string>)parameter.ParameterType
                .GetProperty(nameof(IQueryParameters.Names), BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!;
        }

        if (parameter.GetCustomAttribute<FromQueryAttribute>() is { } query)
            return [query.Name ?? parameter.Name!];
        var type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        var isOfQuery = (type.IsPrimitive || type.IsEnum || Texts.Contains(type))
            && !inPath.Contains(parameter.Name!) && !parameter.GetCustomAttributes().Any(IsFromElsewhere);
        return isOfQuery ? [parameter.Name!] : [];
    }

    private static bool IsFromElsewhere(Attribute attribute) =>
        attribute is FromHeaderAttribute or FromBodyAttribute or FromRouteAttribute or FromServicesAttribute;
}
