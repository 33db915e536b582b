using System.Net;
using Fleet.Client;
using Fleet.Client.Events;
using Fleet.Console.Access;
using Fleet.Console.Live;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Fleet.Console.Parts;

/// <summary>A page that asks the fleet: what it answers, that it says no, and what changes meanwhile.</summary>
public abstract class FleetPage : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _left = new();
    private readonly List<IDisposable> _owned = [];

    protected FleetPage() => Left = _left.Token;

    [Inject]
    protected NavigationManager Navigation { get; set; } = null!;

    [Inject]
    protected ISnackbar Notes { get; set; } = null!;

    [Inject]
    internal FleetAccess Access { get; set; } = null!;

    [Inject]
    internal ChangeRelay Relay { get; set; } = null!;

    [Inject]
    protected TimeProvider Clock { get; set; } = null!;

    /// <summary>Why what is shown is not all; null while all is well.</summary>
    protected string? Trouble { get; private set; }

    /// <summary>Whether the first answer is still awaited.</summary>
    protected bool IsLoading { get; private set; } = true;

    /// <summary>Ends when the page is left.</summary>
    protected CancellationToken Left { get; }

    protected DateTimeOffset Now => Clock.GetUtcNow();

    public void Dispose()
    {
        _left.Cancel();
        foreach (var one in _owned)
            one.Dispose();
        _left.Dispose();
        Leave();
        GC.SuppressFinalize(this);
    }

    /// <summary>The page is left.</summary>
    protected virtual void Leave()
    {
    }

    /// <summary>Reads what is shown. What goes wrong is shown above it.</summary>
    protected async Task Read(Func<FleetClient, Task> act)
    {
        try
        {
            await act(await Access.Open());
            Trouble = null;
        }
        catch (Exception no) when (Sentence(no) is { } sentence)
        {
            Trouble = sentence;
        }
        catch (OperationCanceledException) when (_left.IsCancellationRequested)
        {
            return;
        }

        IsLoading = false;
    }

    /// <summary>Does something, and says at the edge of the page what came of it.</summary>
    /// <returns>Whether it was done.</returns>
    protected async Task<bool> Do(Func<FleetClient, Task> act, string? done = null)
    {
        try
        {
            await act(await Access.Open());
            if (done is not null)
                Notes.Add(Text.Words.Plain(done), Severity.Success);
            return true;
        }
        catch (Exception no) when (Sentence(no) is { } sentence)
        {
            Notes.Add(Text.Words.Plain(sentence), Severity.Error);
            return false;
        }
    }

    /// <summary>Reads anew when something of these families changed, and not more often than once in a while.</summary>
    /// <param name="families">Separated by blanks; empty is all.</param>
    protected async Task ReadOnChange(string families, Func<Task> read, double restSeconds = 1)
    {
        var wanted = families.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var refresh = new Refresh(() => InvokeAsync(async () =>
        {
            await read();
            StateHasChanged();
        }), TimeSpan.FromSeconds(restSeconds), Clock);
        _owned.Add(refresh);
        await Watch(happened =>
        {
            if (happened is FleetEvent.Reset
                || (happened is FleetEvent.Changed { Change: var change } && (wanted.Length == 0 || wanted.Contains(change.Family))))
                refresh.Ask();
        });
    }

    /// <summary>Is told of all that changes, on no thread in particular, until the page is left.</summary>
    protected async Task Watch(Action<FleetEvent> told) => _owned.Add(Relay.Watch(await Access.Key(), told));

    /// <summary>Is done away with when the page is left.</summary>
    protected void Own(IDisposable one) => _owned.Add(one);

    private string? Sentence(Exception no)
    {
        switch (no)
        {
            case FleetException { Status: HttpStatusCode.Unauthorized }:
                Navigation.NavigateTo("session/over", forceLoad: true);
                return "The key of this session is not valid any more.";
            case SessionEndedException:
                return "This session has ended: log in again.";
            case FleetException { Status: HttpStatusCode.Forbidden } refused:
                return $"The key may not do or see this: {refused.Message}";
            case FleetException refused:
                return refused.Message;
            case FleetUnreachableException:
                return "The fleet cannot be reached at the moment. What is shown may be old.";
            default:
                return null;
        }
    }
}
