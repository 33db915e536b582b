using Fleet.Contracts.Backups;
using Fleet.Contracts.Notebooks;
using Fleet.Worker.Platform.Processes;

namespace Fleet.Worker;

/// <summary>What an agent takes, as its settings and its host have it.</summary>
internal static class WorkerSlots
{
    extension(WorkerSettings worker)
    {
        /// <summary>
        /// Slots of every capability that this agent has; those for model calls are its upstreams'. What needs a program that is not
        /// here has none.
        /// </summary>
        public IReadOnlyDictionary<string, int> AllSlots => worker.Slots
            .Where(slot => slot.Key switch
            {
                BackupKinds.Capability => HostProgram.Find(worker.Backups.Restic) is not null,
                NotebookSpec.Kind => HostProgram.Find(worker.Notebooks.Jupyter) is not null,
                _ => true,
            })
            .Append(new(WorkerSettings.InferenceSlots, worker.Upstreams.Values.Sum(upstream => upstream.Generations)))
            .Append(new(WorkerSettings.EmbeddingSlots, worker.Upstreams.Values.Sum(upstream => upstream.Embeddings)))
            .Where(slot => slot.Value > 0)
            .ToDictionary();
    }
}
