using System.ComponentModel.DataAnnotations;
using System.Net;

namespace Fleet.Control.Webhooks;

/// <summary>How receivers are told: section <c>Webhooks</c>.</summary>
public sealed class WebhookSettings : IValidatableObject
{
    /// <summary>
    /// Networks that may be called although they are private, loopback or otherwise special, as <c>10.1.0.0/16</c>.
    /// </summary>
    public string[] AllowedNetworks { get; set; } = [];

    /// <summary>Signs what goes to the URLs that jobs name: any text, or <c>whsec_</c> and base64. Empty: unsigned.</summary>
    public string StateSecret { get; set; } = "";

    /// <summary>How long one call may take, answer included, in seconds.</summary>
    [Range(0.1, 60)]
    public double TimeoutSeconds { get; set; } = 10;

    /// <summary>How long the process that took a queue has it without renewing, in seconds.</summary>
    [Range(0.2, 600)]
    public double ClaimSeconds { get; set; } = 30;

    /// <summary>How often is looked for what is due, in seconds; what happens in this process is told at once.</summary>
    [Range(0.05, 60)]
    public double PollSeconds { get; set; } = 1;

    /// <summary>Calls of one process at once.</summary>
    [Range(1, 1000)]
    public int AtOnce { get; set; } = 64;

    /// <summary>Calls of one process to one receiver at once.</summary>
    [Range(1, 1000)]
    public int AtOnceToOne { get; set; } = 8;

    /// <summary>The pause after the first failure, in seconds; it doubles with each further one.</summary>
    [Range(0.01, 3600)]
    public double RetrySeconds { get; set; } = 1;

    /// <summary>No pause is longer, whatever <c>Retry-After</c> asks for, in seconds.</summary>
    [Range(0.01, 86_400)]
    public double LongestRetrySeconds { get; set; } = 3600;

    /// <summary>Tries at a URL that a job names. The default is foreman's: one, and five after 1 2 4 8 16 s.</summary>
    [Range(1, 100)]
    public int ReportEvents { get; set; } = 6;

    /// <summary>Tries at an endpoint. The default spans about four hours.</summary>
    [Range(1, 100)]
    public int EndpointAttempts { get; set; } = 16;

    /// <summary>What could not be told for so long is given up, also when a broken circuit never let it be tried.</summary>
    [Range(0.01, 10_000)]
    public double GiveUpHours { get; set; } = 72;

    /// <summary>So many things in a row about which a receiver could not be told break the circuit to it.</summary>
    [Range(1, 1000)]
    public int CircuitFailures { get; set; } = 5;

    /// <summary>How long a circuit stays broken before one call tries again, in seconds; it doubles up to a minute.</summary>
    [Range(0.05, 60)]
    public double CircuitSeconds { get; set; } = 5;

    /// <summary>How long a former secret signs as well after a rotation, in seconds.</summary>
    [Range(0, 30 * 86_400)]
    public double SecretOverlapSeconds { get; set; } = 86_400;

    /// <summary>How long a process may go by what it knows of subscriptions; a change is answered after as long.</summary>
    [Range(0.05, 60)]
    public double CacheSeconds { get; set; } = 1;

    /// <summary>Settled deliveries are kept for so many days.</summary>
    [Range(0.01, 3650)]
    public double KeepDays { get; set; } = 30;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var network in AllowedNetworks.Where(text => !IPNetwork.TryParse(text, out _)))
        {
            yield return new ValidationResult(
                $"Webhooks:AllowedNetworks holds {network}, which is no network: write 10.1.0.0/16 or fd00:1::/64.",
                [nameof(AllowedNetworks)]);
        }

        if (ClaimSeconds < 2 * TimeoutSeconds)
        {
            yield return new ValidationResult(
                $"Webhooks:ClaimSeconds is {ClaimSeconds}, and must be at least twice Webhooks:TimeoutSeconds ({TimeoutSeconds}).",
                [nameof(ClaimSeconds)]);
        }

        if (!WebhookSecret.IsUsable(StateSecret))
        {
            yield return new ValidationResult(
                "Webhooks:StateSecret begins with whsec_, and what follows is not base64.", [nameof(StateSecret)]);
        }
    }
}
