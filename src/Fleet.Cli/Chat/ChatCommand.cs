using System.CommandLine;
using Fleet.Cli.Commands;
using Fleet.Cli.Failures;
using Fleet.Cli.Terminals;
using Fleet.Client.Chat;

namespace Fleet.Cli.Chat;

/// <summary><c>fleet chat</c>: a conversation in the terminal, or one question with its answer.</summary>
internal static class ChatCommand
{
    public static Command Build(Terminal terminal)
    {
        var text = new Argument<string?>("question")
        {
            Description = "Ask this alone; without it the terminal is asked, or each line of standard input",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var model = new Option<string?>("--model", "-m") { Description = "The model that answers", HelpName = "model" }
            .Completes(terminal, Completions.Models);
        var upstream = new Option<string?>("--upstream") { Description = "The upstream that answers", HelpName = "name" };
        var conversation = new Option<string?>("--conversation", "-c") { Description = "Go on with this conversation", HelpName = "id" };
        var chat = new Command("chat", "Asks models: Ctrl-C stops an answer, an empty line or Ctrl-D ends the conversation")
        {
            text, model, upstream, conversation,
        };
        chat.Runs(terminal, async (session, stop) =>
        {
            var at = session.Get(conversation)
                ?? (await session.Fleet.Conversations.Begin(new ConversationDraft(null, session.Get(model), session.Get(upstream)), stop))
                    .ConversationId;
            if (session.Get(text) is { } question)
                return await Ask(session, at, Draft(question), stop);
            return await Converse(session, at, Draft, stop);

            TurnDraft Draft(string words) => session.IsGiven(conversation)
                ? new TurnDraft(words, session.Get(model), session.Get(upstream))
                : new TurnDraft(words);
        });
        return chat;
    }

    private static async Task<int> Converse(Session session, string conversation, Func<string, TurnDraft> draft, CancellationToken stop)
    {
        session.Remark($"Conversation {conversation}: fleet chat -c {conversation} goes on with it.");
        var code = ExitCode.Ok;
        while (!stop.IsCancellationRequested)
        {
            if (session.Terminal is { InIsTerminal: true, ErrorIsTerminal: true })
                await session.Terminal.Error.WriteAsync("> ");
            if (await session.Terminal.ReadLine(stop) is not { } line || (line.Length == 0 && session.Terminal.InIsTerminal))
                break;
            if (!string.IsNullOrWhiteSpace(line))
                code = await Ask(session, conversation, draft(line), stop);
        }

        return code;
    }

    private static async Task<int> Ask(Session session, string conversation, TurnDraft question, CancellationToken stop)
    {
        var turn = await session.Fleet.Conversations.Ask(conversation, question, stop);
        var cancellation = Task.CompletedTask;
        var asked = 0;
        using var answer = session.Terminal.Interrupts.Answer(() =>
        {
            if (++asked > 1)
                return false;
            cancellation = session.Fleet.Turns.Cancel(turn.TurnId, stop);
            return true;
        });
        Turn? ended;
        await using (new Waiting(session, looked => session.Fleet.Turns.Explain(turn.TurnId, looked), stop))
            ended = await new AnswerWriter(session).Write(turn.TurnId, stop);
        await cancellation;
        if (ended is { State: "completed" })
            return ExitCode.Ok;
        if (asked > 0)
            return session.Terminal.InIsTerminal ? ExitCode.Ok : ExitCode.Interrupted;
        new Failure(ExitCode.WorkFailed, $"The answer {ended?.State ?? "was removed"}: {ended?.Error?.Message}", []).Tell(session.Terminal);
        return ExitCode.WorkFailed;
    }
}
