using System.Buffers;
using Fleet.Contracts.Models;

namespace Fleet.Control.Models;

/// <summary>How one wire writes the answer of a model.</summary>
internal interface IAnswerFormat
{
    /// <summary>The whole answer at once, which becomes JSON.</summary>
    object Whole(InferenceResult result);
}

/// <summary>How one wire writes an answer that may come in pieces.</summary>
internal interface IPieceFormat : IAnswerFormat
{
    /// <summary>Of the pieces together.</summary>
    string ContentType { get; }

    void Write(IBufferWriter<byte> output, ModelPiece piece);
}
