namespace Fleet.Control.Platform.Http;

/// <summary>
/// No answer is taken for another type than it says, and what is JSON is kept nowhere on its way, unless its route says
/// otherwise: it is about one caller at one moment.
/// </summary>
internal sealed class CautiousAnswers(RequestDelegate next)
{
    public Task Invoke(HttpContext context)
    {
        context.Response.OnStarting(Add, context.Response);
        return next(context);
    }

    private static Task Add(object state)
    {
        var response = (HttpResponse)state;
        response.Headers.XContentTypeOptions = "nosniff";
        if (response.Headers.CacheControl.Count == 0
            && response.ContentType?.Contains("json", StringComparison.OrdinalIgnoreCase) == true)
            response.Headers.CacheControl = "no-store";
        return Task.CompletedTask;
    }
}
