using System.Diagnostics.CodeAnalysis;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.DomainEvents;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Http.Values;

namespace Fleet.Control.Webhooks;

/// <summary>What an endpoint must look like.</summary>
internal sealed class WebhookRules(IEnumerable<DomainEventTypes> announced)
{
    private const int MostUrl = 2000;
    private const int MostDescription = 500;
    private const int MostTypes = 100;

    private readonly DomainEventTypes[] _families = [.. announced];
    private readonly string[] _types = [.. announced.SelectMany(types => types.Subscribable)];

    /// <summary>Whether it is a URL that may be called, as far as that can be seen without looking its host up.</summary>
    public static bool IsUrl(string text, [NotNullWhen(true)] out Uri? url) =>
        HttpUrl.TryRead(text, out url);

    /// <summary>Throws the problem that names every wrong field.</summary>
    /// <param name="tenant">Whose endpoint it is.</param>
    public void Check(string? url, IReadOnlyList<string?>? types, string? description, string tenant, Caller caller)
    {
        var wrong = new Dictionary<string, string[]>();
        if (url is not null && (url.Length > MostUrl || !IsUrl(url, out _)))
            wrong["url"] = [$"This must be an absolute http or https URL without a user, of at most {MostUrl} characters."];
        if (types is { Count: 0 or > MostTypes })
            wrong["event_types"] = [$"Name 1 to {MostTypes} types, of these: {string.Join(", ", _types)}."];
        foreach (var (place, type) in (types ?? []).Index())
        {
            if (WhyNot(type, tenant, caller) is { } why)
                wrong[$"event_types[{place}]"] = [why];
        }

        if (description?.Length > MostDescription)
            wrong["description"] = [$"At most {MostDescription} characters."];
        if (wrong.Count > 0)
            throw new ProblemException(Problem.Invalid(wrong));
    }

    private string? WhyNot(string? type, string tenant, Caller caller)
    {
        if (type is null || Array.Find(_families, family => family.Has(type)) is not { } family)
            return $"Nothing of this type is announced. There are: {string.Join(", ", _types)}.";
        return family.MayBeTold(tenant, caller) ? null
            : family.OfTheFleet && tenant != Tenants.Default
                ? $"Only endpoints of the tenant {Tenants.Default} are told of this, since it is the whole fleet's."
                : "This key may not read what is told with this type.";
    }
}
