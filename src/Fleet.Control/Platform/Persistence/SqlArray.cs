using Npgsql;
using NpgsqlTypes;

namespace Fleet.Control.Platform.Persistence;

/// <summary>A parameter that holds a column of values, for statements over many rows at once.</summary>
internal static class SqlArray
{
    public static NpgsqlParameter Of<T>(NpgsqlDbType type, IEnumerable<T> values) =>
        new() { NpgsqlDbType = NpgsqlDbType.Array | type, Value = values.ToArray() };
}
