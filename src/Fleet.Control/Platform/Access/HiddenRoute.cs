namespace Fleet.Control.Platform.Access;

/// <summary>
/// Marks routes that do not exist for strangers: whoever has no key, a wrong one, or one that is not meant, is answered as on
/// a path that nobody serves, before anything else of the request is looked at.
/// </summary>
/// <param name="IsFor">Whether they exist for this caller.</param>
/// <param name="NotThere">What strangers are answered.</param>
/// <param name="Cookie">Name of the cookie that may hold the key, for pages in browsers.</param>
internal sealed record HiddenRoute(Predicate<Caller> IsFor, IResult NotThere, string Cookie)
{
    /// <summary>
    /// The key of the cookie; empty for a request that a page of another site may have caused, and where there is none.
    /// </summary>
    public string KeyOf(HttpRequest request) =>
        request.Headers["Sec-Fetch-Site"] is [] or ["same-origin"] or ["none"] ? request.Cookies[Cookie] ?? "" : "";
}
