using Fleet.Worker.Platform.Isolation;
using Fleet.Worker.Platform.Processes;

namespace Fleet.Worker.Notebooks;

/// <summary>The directory in which a notebook begins. Its own user reads it: what lies there may be a link of somebody's making.</summary>
/// <param name="jupyter">The program of the notebook's server, whose Python packs.</param>
/// <param name="home">The notebook's own directory.</param>
/// <param name="workspace">Below it; empty means that one.</param>
/// <param name="user">Whose it is; null means this agent's.</param>
internal sealed class NotebookWorkspace(string jupyter, string home, string workspace, ChildUser? user)
{
    /// <summary>Links to directories are not gone into, but packed as what they are, for whoever reads the tar to refuse.</summary>
    private const string Pack =
        """
        import os, sys, tarfile

        def refuse(error):
            raise error

        os.chdir(sys.argv[1])
        os.chdir(os.path.join(".", sys.argv[2]))
        with tarfile.open(fileobj=sys.stdout.buffer, mode="w|", format=tarfile.PAX_FORMAT) as tar:
            for directory, inner, files in os.walk(".", onerror=refuse):
                inner[:] = [name for name in inner if not name.startswith(".")]
                links = [name for name in inner if os.path.islink(os.path.join(directory, name))]
                for name in sorted(files + links):
                    if not name.startswith("."):
                        tar.inodes.clear()  # a second name of a file is a file as well
                        tar.add(os.path.join(directory, name), recursive=False)
        """;

    /// <summary>Starts what writes the files to its standard output, as a tar. What goes wrong ends it with another code than 0.</summary>
    /// <exception cref="ChildStartException">It cannot be started.</exception>
    public ChildProcess Read()
    {
        var python = JupyterProgram.PythonOf(jupyter);
        return ChildProcess.Start(new ChildCommand(
            python, [python, "-I", "-c", Pack, home, workspace], ["PATH=" + HostProgram.UsualPath, "LC_ALL=C.UTF-8"], "/", User: user));
    }
}
