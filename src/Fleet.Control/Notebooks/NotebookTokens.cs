using System.Security.Cryptography;
using System.Text;
using Fleet.Control.Platform.Access.Keys;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Secrets;

namespace Fleet.Control.Notebooks;

/// <summary>
/// What opens notebooks. People may choose it, so that what is stored is no hash that can be guessed at, but one with a key that
/// is not in the database.
/// </summary>
internal sealed class NotebookTokens(SecretBox secrets)
{
    private const string Prefix = "fleet_nb_";
    private const string Purpose = "notebook tokens";

    public static string New() => SecretText.New(Prefix);

    /// <exception cref="ProblemException">This Control has no key.</exception>
    public byte[] HashOf(Guid notebook, string token) =>
        HMACSHA256.HashData(secrets.KeyFor(Purpose), Encoding.UTF8.GetBytes($"{notebook:N} {token}"));

    public bool Opens(Notebook notebook, string token) =>
        token.Length > 0 && CryptographicOperations.FixedTimeEquals(notebook.Token, HashOf(notebook.Id, token));
}
