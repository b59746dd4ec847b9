"""The offline model's own process: `python -m ai_svc.embeddings.offline_process FOLDER MAX_TOKENS NICE`.

Requests come on stdin, answers go to stdout, each a length (4 bytes, big-endian) and a body. A request is a JSON list
of texts; an answer is a byte 0 and the vectors in fp32 (little-endian), or a byte 1 and what went wrong, without the
texts. It ends when stdin does, that is, with the service.
"""

import importlib
import json
import os
import resource
import struct
import sys
from pathlib import Path
from typing import Any, BinaryIO, Final

MEMORY_BYTES: Final = 1 << 30
"""What the process may allocate. The weights are mapped from their file and do not count."""


def main() -> None:
    """Answers until stdin ends."""
    folder, max_tokens, nice = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(nice)
    # Imported here for its weight: whoever only imports this file must not load numpy and the tokenizer.
    encoder = importlib.import_module("ai_svc.embeddings.bert").Encoder(folder, max_tokens=max_tokens)
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    while (texts := _read(requests)) is not None:
        body = _answer(encoder, texts)
        answers.write(struct.pack(">I", len(body)) + body)
        answers.flush()


def _read(requests: BinaryIO) -> list[str] | None:
    header = requests.read(4)
    if len(header) < 4:
        return None
    texts: list[str] = json.loads(requests.read(struct.unpack(">I", header)[0]))
    return texts


def _answer(encoder: Any, texts: list[str]) -> bytes:
    try:
        vectors: bytes = encoder.encode(texts).astype("<f4").tobytes()
    except Exception as error:  # noqa: BLE001  told to the service, which decides; its words may quote a text
        return b"\x01" + type(error).__name__.encode()
    return b"\x00" + vectors


if __name__ == "__main__":
    main()
