namespace Fleet.Bench.Target;

/// <summary>Where Fleet's broker is, for the references that share it.</summary>
internal sealed record RabbitAddress(string Host, ushort Port, string VirtualHost, string User, string Password);
