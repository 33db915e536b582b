using Fleet.Control.Platform.Http;

namespace Fleet.Control.Platform.Submissions;

/// <summary>What the route of a kind would answer to a body, as others than clients are told of it.</summary>
internal static class Refusals
{
    private static readonly Dictionary<string, string[]> Nothing = [];

    /// <summary>What is wrong with a body, by field; empty when it can be read.</summary>
    /// <param name="read">Reads the body as the kind's own route does.</param>
    public static IReadOnlyDictionary<string, string[]> Of(Action read)
    {
        try
        {
            read();
            return Nothing;
        }
        catch (ProblemException wrong)
        {
            return wrong.Problem.Errors.Count > 0
                ? wrong.Problem.Errors
                : new Dictionary<string, string[]> { [""] = [wrong.Problem.Detail] };
        }
    }

    /// <summary>The work, or why the kind's own route would not take it.</summary>
    public static async Task<BuiltSubmission> Catch(Func<Task<BuiltSubmission>> build)
    {
        try
        {
            return await build();
        }
        catch (ProblemException wrong)
        {
            return new BuiltSubmission(null, BuiltSubmission.Refused, wrong.Problem.Detail);
        }
    }
}
