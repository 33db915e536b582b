using Fleet.Contracts.Agents;

namespace Fleet.Worker.Agents.Questions;

/// <summary>Answers one kind of question that another capability than this one knows about.</summary>
internal interface IAgentAnswer
{
    /// <summary>As <see cref="AskAgent"/> names it.</summary>
    string Operation { get; }

    /// <returns>The body of the answer.</returns>
    Task<byte[]> Answer(AskAgent question);
}
