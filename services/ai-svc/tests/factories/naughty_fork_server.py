"""A fork server whose parser for plain text does what the text says: for tests of what the service does about it."""

import ctypes
import os
import socket
import subprocess
import sys
import types
from pathlib import Path

from ai_svc.rag.parsing import fork_server, formats, sniffing
from ai_svc.rag.parsing.bounds import Bounds
from ai_svc.rag.parsing.parsed import ParsedText

LIBRARIES = {"docx", "lxml", "openpyxl", "pypdf"}
PDF_LOADED = 64 + list(formats.PARSERS).index(sniffing.PDF)
NAME = f"{formats.__package__}.naughty"


def parse(content: bytes, bounds: Bounds) -> ParsedText:
    deed = content.decode().split("\n")[0]
    if deed == "crash":
        ctypes.string_at(0)
    elif deed == "exit":
        os._exit(7)
    elif deed == "lie":
        os._exit(PDF_LOADED)
    elif deed == "libraries":  # that the fork server had when it made this process
        found = " ".join(sorted(LIBRARIES & sys.modules.keys()))
        return ParsedText(f"libraries: {found}", "text/plain", None, (), (), "und", ())
    elif deed == "memory":
        keep = [bytearray(32 * 1024 * 1024) for _ in range(1_000)]
        return ParsedText(str(len(keep)), "text/plain", None, (), (), "und", ())
    elif deed == "processor":
        while True:
            pass
    elif deed == "hang":
        signal_never_sent = os.pipe()[0]
        os.read(signal_never_sent, 1)
    elif deed == "recursion":
        return parse(content, bounds)
    elif deed == "network":
        socket.create_connection(("127.0.0.1", 9))
    elif deed == "program":
        subprocess.run(["true"], check=True)
    elif deed == "file":
        Path("/tmp/parsers-do-not-write").write_text("x")
    elif deed == "error":
        raise LookupError("canary-in-the-error")
    text = f"{deed} {os.environ.get('AI_SVC_OPENAI_API_KEY')} {len(os.environ)}"
    return ParsedText(text, "text/plain", None, (), (), "und", ())


if __name__ == "__main__":
    module = types.ModuleType(NAME)
    module.parse = parse
    sys.modules[NAME] = module
    formats.PARSERS["text/plain"] = "naughty"
    fork_server.main(sys.argv[1:])
