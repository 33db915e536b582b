using System.Text.Json;
using Fleet.Contracts.Attempts;
using Fleet.Contracts.Work;
using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.DomainEvents;
using Fleet.Control.Platform.Journal;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Work.Queue;

namespace Fleet.Control.Platform.Work.Lifecycles;

/// <summary>How messages change a row, and what its unit has to do for it.</summary>
internal static class WorkMutations
{
    /// <summary>For how many attempts back it is known who had them.</summary>
    private const int MostHolders = 32;

    extension(WorkRow work)
    {
        /// <summary>It moves within its queue, which the dispatcher may have looked at already.</summary>
        public void Apply(ReprioritiseWork wanted, UnitOfWork unit)
        {
            work.Priority = wanted.Priority;
            work.FactsChanged = true;
            work.TakePlace();
            unit.WorkChanged |= work.State == WorkStates.Queued;
            unit.Append(work, "priority", work.Attempt, new { wanted.Priority, wanted.By });
        }

        /// <summary>A journal that is closed takes no entry more.</summary>
        public void Apply(RelabelWork wanted, UnitOfWork unit)
        {
            var labels = JsonSerializer.Deserialize<Dictionary<string, string>>(work.Labels)!;
            foreach (var (name, value) in wanted.Set)
                labels[name] = value;
            foreach (var name in wanted.Removed)
                labels.Remove(name);
            work.Labels = JsonSerializer.Serialize(labels);
            work.FactsChanged = true;
            if (!WorkStates.IsOver(work.State))
                unit.Append(work, "labels", work.Attempt, new { Labels = labels, wanted.By });
        }

        /// <summary>A session of an agent has the next attempt.</summary>
        public void Apply(AssignWork assignment, UnitOfWork unit)
        {
            work.Attempt++;
            work.Agent = assignment.Agent;
            work.Upstream = assignment.Upstream;
            work.Holders = [.. work.Holders.TakeLast(MostHolders - 1), assignment.Agent];
            work.AgentSession = assignment.Session;
            work.AssignedAt = unit.Now;
            if (work.Rate is { } rate)
                unit.Db.Add(RateStart.Of(work, rate, unit.Now));
            unit.Slots.Add((work.CorrelationId, HeldSlot.Of(work.CorrelationId, assignment.Agent, work.Demand, work.Keys, work.Upstream)));
        }

        /// <summary>Whether this is the present attempt, told by the agent that has it: no other is believed.</summary>
        public bool IsHeld(int attempt, string agent) => work.Attempt == attempt && work.Agent == agent;

        /// <summary>
        /// Whether the agent had this attempt, and its end was not told yet: nobody fills the journal of work that he never
        /// had, or fills it by repetition.
        /// </summary>
        public bool TakeLateEnd(AttemptFinished report)
        {
            var place = work.Holders.Length - 1 - ((long)work.Attempt - report.Attempt);
            if (place < 0 || place >= work.Holders.Length || work.Holders[place] != report.Agent)
                return false;
            work.Holders = [.. work.Holders];
            work.Holders[place] = "";
            return true;
        }

        public void AskForSlot(UnitOfWork unit)
        {
            work.Ready = true;
            unit.Ready.Add(new ReadyWork(
                work.CorrelationId, work.Kind, work.CreatedAt, work.Demand, work.Keys, work.Agent));
        }

        /// <summary>What it held, or asked for in this unit, is free; with a limit, others may have waited for that.</summary>
        public void GiveSlotBack(UnitOfWork unit)
        {
            unit.Ready.RemoveAll(ready => ready.Id == work.CorrelationId);
            unit.Slots.Add((work.CorrelationId, null));
            unit.WorkChanged |= work.Gate is not null;
        }

        public void TellState(UnitOfWork unit, string state, string? reason)
        {
            unit.Append(work, "state", work.Attempt, new
            {
                From = WorkStates.WordOf(work.State),
                To = WorkStates.WordOf(state),
                work.Attempt,
                Reason = reason,
                work.Agent,
                At = unit.Now,
            });
            if (work.EventOf(state, unit.Now) is { } news)
                unit.Announce(news);
        }
    }
}
