namespace Fleet.Worker.Platform.Upstreams;

/// <summary>What an upstream has of the answer to a question that it was asked before.</summary>
internal abstract record FormerAnswer
{
    /// <summary>It knows nothing of the question so far.</summary>
    public static FormerAnswer Unknown { get; } = new FormerAnswerUnknown();

    /// <summary>It has none, and will have none.</summary>
    public static FormerAnswer Gone { get; } = new FormerAnswerGone();

    /// <summary>It is still at it.</summary>
    public static FormerAnswer InWork { get; } = new FormerAnswerInWork();

    private sealed record FormerAnswerUnknown : FormerAnswer;

    private sealed record FormerAnswerGone : FormerAnswer;

    private sealed record FormerAnswerInWork : FormerAnswer;
}

/// <summary>The whole answer.</summary>
internal sealed record FormerAnswerFound(string Text, Remarked Remark) : FormerAnswer;
