"""A model for tests: a server on loopback that speaks the OpenAI protocol from a script, and misbehaves on request.

    async with ModelServer(["Olá, mundo.", Answer("never ends", Fault("hang", after=3))]) as model:
        client = openai.AsyncOpenAI(base_url=model.url, api_key="any", max_retries=0)

`async with` runs it in the test's own loop; `with` runs it in a thread of its own, for whatever needs the loop alone.
A script is a list of answers, taken in order, or a function from `Call` to an answer. Chat completions (whole and
streamed, with tools, response formats and the usage chunk), embeddings and the list of models are there; the shapes
follow https://platform.openai.com/docs/api-reference/chat and `/chat-streaming`.
"""

import asyncio
import base64
import hashlib
import json
import math
import re
import struct
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, Self

FaultKind = Literal[
    "refuse",  # the connection is closed before an answer
    "status",  # an HTTP error, `status`, with `retry_after` as its header
    "hang",  # silence: before the head of the answer, or after so many tokens when `after` is given
    "cut",  # the connection is closed after `after` tokens
    "bad_json",  # after `after` tokens comes a line that is no JSON
    "error_event",  # after `after` tokens comes an error object, as providers send when they fail half-way
    "drip",  # every token takes `seconds`
    "no_done",  # everything is there but the closing [DONE]
    "end_early",  # the stream ends in good order after `after` tokens: no finish reason, no [DONE]
    "no_usage",  # usage is asked for and does not come
    "wrong_usage",  # usage is there and absurd
]


@dataclass(frozen=True, slots=True)
class Fault:
    """How an answer goes wrong. `after` counts tokens; None, for `hang`, is before even the head of the answer."""

    kind: FaultKind
    after: int | None = None
    status: int = 500
    retry_after: str | None = None
    seconds: float = 0.02
    message: str = "scripted failure"

    @property
    def place(self) -> int:
        """After how many tokens of a stream it happens."""
        return self.after or 0


@dataclass(frozen=True, slots=True)
class ToolUse:
    """A tool that the model asks for; `arguments` is JSON."""

    name: str
    arguments: str = "{}"
    id: str = "call_1"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: its text, or its `pieces` when a test cares how the text is cut into tokens.

    `usage` is (input, output) tokens; counted when None. `tools` are called after the text.
    """

    text: str = ""
    fault: Fault | None = None
    tools: tuple[ToolUse, ...] = ()
    pieces: tuple[str, ...] | None = None
    finish_reason: str | None = None
    usage: tuple[int, int] | None = None
    model: str | None = None

    @property
    def tokens(self) -> tuple[str, ...]:
        """The text in the order in which it is streamed; together the tokens are the text."""
        return self.pieces if self.pieces is not None else tuple(re.findall(r"\S+\s*|\s+", self.text))

    @property
    def reason(self) -> str:
        return self.finish_reason or ("tool_calls" if self.tools else "stop")


@dataclass(slots=True)
class Call:
    """A request that came, and how far its answer got. Header names are in lower case."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]
    at: float
    """`time.monotonic()` when the request was complete."""
    sent: int = 0
    """Tokens that were written."""
    gone_at: float | None = None
    """`time.monotonic()` when the client closed the connection before the answer's end."""
    finished: bool = False

    @property
    def messages(self) -> list[dict[str, Any]]:
        messages: list[dict[str, Any]] = self.body.get("messages", [])
        return messages

    @property
    def last(self) -> str:
        """What the last message says."""
        content = self.messages[-1].get("content") if self.messages else ""
        return content if isinstance(content, str) else json.dumps(content)

    @property
    def streamed(self) -> bool:
        return bool(self.body.get("stream"))

    @property
    def schema(self) -> dict[str, Any] | None:
        """The JSON schema that the answer must satisfy, when there is one."""
        wanted: dict[str, Any] | None = (self.body.get("response_format") or {}).get("json_schema", {}).get("schema")
        return wanted

    @property
    def tool_names(self) -> list[str]:
        return [tool["function"]["name"] for tool in self.body.get("tools", [])]


type Script = Sequence[Answer | str] | Callable[[Call], Answer | str]
type Embedding = Callable[[str], list[float]]

EXHAUSTED: Final = "the script has no more answers"
_REASONS: Final = {200: "OK", 400: "Bad Request", 401: "Unauthorized", 404: "Not Found", 429: "Too Many Requests"}


def vector_of(text: str, dimensions: int = 32) -> list[float]:
    """A vector of length 1 that depends on the text alone; equal texts have equal vectors, others hardly ever close."""
    seed = hashlib.shake_256(text.encode()).digest(2 * dimensions)
    numbers = [value / 32768 - 1 for value in struct.unpack(f"<{dimensions}H", seed)]
    length = math.sqrt(sum(value * value for value in numbers)) or 1.0
    return [value / length for value in numbers]


class ModelServer:
    """The server. `calls` are the requests in the order in which they came, embeddings too."""

    def __init__(
        self,
        script: Script = (),
        *,
        models: Sequence[str] = ("scripted",),
        embedding: Embedding = vector_of,
        api_key: str | None = None,
    ) -> None:
        self.models = tuple(models)
        self.embedding = embedding
        self.api_key = api_key
        """When it is given, any other key is answered with 401."""
        self.embedding_fault: Fault | None = None
        """A fault of kind `status`: embeddings fail while it is set."""
        self.calls: list[Call] = []
        self.port = 0
        self._script: Script = ()
        self._answers: Iterator[Answer | str] = iter(())
        self._connections: set[_Connection] = set()
        self._server: asyncio.Server | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self.play(script)

    @property
    def url(self) -> str:
        """The base URL, as an OpenAI client wants it."""
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def chats(self) -> list[Call]:
        """The calls of chat completions alone."""
        return [call for call in self.calls if call.path.endswith("/chat/completions")]

    def play(self, script: Script) -> None:
        """Begins another script; forgets the calls so far."""
        self._script = script
        self._answers = iter(()) if callable(script) else iter(script)
        self.calls = []

    def answer_to(self, call: Call) -> Answer | None:
        """The script's next answer; None when it has no more."""
        given = self._script(call) if callable(self._script) else next(self._answers, None)
        return Answer(given) if isinstance(given, str) else given

    async def __aenter__(self) -> Self:
        await self._start()
        return self

    async def __aexit__(self, *_exc: object) -> None:
        await self._stop()

    def __enter__(self) -> Self:
        started = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(started,), daemon=True, name="model-server")
        self._thread.start()
        assert started.wait(10), "the model server did not start"
        return self

    def __exit__(self, *_exc: object) -> None:
        assert self._loop is not None
        assert self._thread is not None
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _run(self, started: threading.Event) -> None:
        self._loop = asyncio.new_event_loop()
        self._loop.run_until_complete(self._start())
        started.set()
        self._loop.run_forever()
        self._loop.close()

    async def _start(self) -> None:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Connection(self), "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _stop(self) -> None:
        """From here on connections are refused, and those that are open are reset."""
        if self._server is not None:
            self._server.close()
        tasks = [connection.stop() for connection in tuple(self._connections)]
        await asyncio.gather(*(task for task in tasks if task is not None), return_exceptions=True)

    def joined(self, connection: "_Connection") -> None:
        self._connections.add(connection)

    def left(self, connection: "_Connection") -> None:
        self._connections.discard(connection)


class _Connection(asyncio.Protocol):
    """One client: a request, its answer, the next request. A client that leaves is noticed at once."""

    def __init__(self, server: ModelServer) -> None:
        self._server = server
        self._buffer = b""
        self._task: asyncio.Task[None] | None = None
        self._call: Call | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._server.joined(self)

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self._server.left(self)
        if self._call is not None and not self._call.finished and self._call.gone_at is None:
            self._call.gone_at = time.monotonic()
        self.stop()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, separator, rest = self._buffer.partition(b"\r\n\r\n")
        if not separator:
            return
        lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
        length = int(headers.get("content-length", "0"))
        if len(rest) < length:
            return
        self._buffer = rest[length:]
        body = json.loads(rest[:length]) if length else {}
        self._call = Call(lines[0].split(" ")[1].split("?")[0], headers, body, time.monotonic())
        self._server.calls.append(self._call)
        self._task = asyncio.get_running_loop().create_task(self._serve(self._call))

    def stop(self) -> asyncio.Task[None] | None:
        """Ends the answer that is under way."""
        self._transport.abort()
        if self._task is not None and not self._task.done():
            self._task.cancel()
        return self._task

    async def _serve(self, call: Call) -> None:
        if self._server.api_key is not None and call.headers.get("authorization") != f"Bearer {self._server.api_key}":
            self._fail(call, 401, "Incorrect API key provided")
        elif call.path.endswith("/chat/completions"):
            await self._chat(call)
        elif call.path.endswith("/embeddings") and (fault := self._server.embedding_fault) is not None:
            self._fail(call, fault.status, fault.message)
        elif call.path.endswith("/embeddings"):
            self._json(call, 200, self._embeddings(call))
        elif call.path.endswith("/models"):
            listed = [{"id": name, "object": "model", "created": 0, "owned_by": "test"} for name in self._server.models]
            self._json(call, 200, {"object": "list", "data": listed})
        else:
            self._fail(call, 404, f"no such path: {call.path}")

    async def _chat(self, call: Call) -> None:
        answer = self._server.answer_to(call)
        if answer is None:
            self._fail(call, 400, EXHAUSTED)
            return
        fault = answer.fault
        if fault is not None and fault.kind == "refuse":
            self._hang_up(call)
        elif fault is not None and fault.kind == "status":
            extra = {"Retry-After": fault.retry_after} if fault.retry_after is not None else {}
            self._fail(call, fault.status, fault.message, extra)
        elif fault is not None and fault.kind == "hang" and fault.after is None:
            await asyncio.Event().wait()
        elif call.streamed:
            await self._stream(call, answer)
        else:
            await self._whole(call, answer)

    async def _whole(self, call: Call, answer: Answer) -> None:
        fault = answer.fault
        payload = json.dumps(completion(call, answer)).encode()
        if fault is not None and fault.kind in ("bad_json", "end_early", "error_event"):
            payload = payload[: len(payload) // 2]
        self._head(200, {"Content-Type": "application/json", "Content-Length": str(len(payload))})
        if fault is not None and fault.kind in ("cut", "hang"):
            self._transport.write(payload[: len(payload) // 2])
            await self._break(call, fault)
            return
        if fault is not None and fault.kind == "drip":
            for start in range(0, len(payload), 100):
                await asyncio.sleep(fault.seconds)
                self._transport.write(payload[start : start + 100])
        else:
            self._transport.write(payload)
        call.sent, call.finished = len(answer.tokens), True

    async def _stream(self, call: Call, answer: Answer) -> None:
        fault = answer.fault
        self._head(200, {"Content-Type": "text/event-stream; charset=utf-8", "Transfer-Encoding": "chunked"})
        self._event(_chunk(call, answer, {"role": "assistant", "content": ""}))
        for place, token in enumerate(answer.tokens):
            if fault is not None and fault.place == place and await self._break(call, fault):
                return
            await asyncio.sleep(fault.seconds if fault is not None and fault.kind == "drip" else 0)
            self._event(_chunk(call, answer, {"content": token}))
            call.sent += 1
        if fault is not None and fault.place >= len(answer.tokens) and await self._break(call, fault):
            return
        for delta in _tool_deltas(answer):
            await asyncio.sleep(0)
            self._event(_chunk(call, answer, delta))
        self._event(_chunk(call, answer, {}, finish=answer.reason))
        if (call.body.get("stream_options") or {}).get("include_usage"):
            usage = usage_of(call, answer)
            self._event(_chunk(call, answer, None, usage=usage) if usage is not None else None)
        if fault is None or fault.kind != "no_done":
            self._data(b"data: [DONE]\n\n")
        self._end(call)

    async def _break(self, call: Call, fault: Fault) -> bool:
        """Does what the fault says at this place; says whether the answer ends with it."""
        if fault.kind == "hang":
            await asyncio.Event().wait()
        elif fault.kind == "cut":
            self._hang_up(call)
        elif fault.kind == "bad_json":
            self._data(b'data: {"choices": [{"delta": {"content": "half a li\n\n')
            self._end(call)
        elif fault.kind == "error_event":
            self._event({"error": {"message": fault.message, "type": "server_error", "code": "server_error"}})
            self._end(call)
        elif fault.kind == "end_early":
            self._end(call)
        else:
            return False
        return True

    def _embeddings(self, call: Call) -> dict[str, Any]:
        given = call.body["input"]
        texts: list[str] = [given] if isinstance(given, str) else given
        vectors = [self._server.embedding(text) for text in texts]
        packed = call.body.get("encoding_format") == "base64"
        tokens = sum(_count(text) for text in texts)
        return {
            "object": "list",
            "model": call.body.get("model", self._server.models[0]),
            "data": [
                {"object": "embedding", "index": index, "embedding": _pack(vector) if packed else vector}
                for index, vector in enumerate(vectors)
            ],
            "usage": {"prompt_tokens": tokens, "total_tokens": tokens},
        }

    def _fail(self, call: Call, status: int, message: str, extra: Mapping[str, str] | None = None) -> None:
        error = {"message": message, "type": "test_error", "param": None, "code": None}
        self._json(call, status, {"error": error}, extra)

    def _json(self, call: Call, status: int, content: Any, extra: Mapping[str, str] | None = None) -> None:
        payload = json.dumps(content).encode()
        self._head(status, {"Content-Type": "application/json", "Content-Length": str(len(payload)), **(extra or {})})
        self._transport.write(payload)
        call.finished = True

    def _head(self, status: int, headers: Mapping[str, str]) -> None:
        lines = [f"HTTP/1.1 {status} {_REASONS.get(status, 'Error')}", *(f"{k}: {v}" for k, v in headers.items())]
        self._transport.write("\r\n".join([*lines, "", ""]).encode("latin-1"))

    def _event(self, content: Any) -> None:
        if content is not None:
            self._data(b"data: " + json.dumps(content, ensure_ascii=False).encode() + b"\n\n")

    def _data(self, payload: bytes) -> None:
        self._transport.write(f"{len(payload):x}\r\n".encode() + payload + b"\r\n")

    def _end(self, call: Call) -> None:
        call.finished = True
        self._transport.write(b"0\r\n\r\n")

    def _hang_up(self, call: Call) -> None:
        """Closes the connection in the middle; what was written before still goes out."""
        call.finished = True
        self._transport.close()


# --- shapes ----------------------------------------------------------------------------------------------------------


def completion(call: Call, answer: Answer) -> dict[str, Any]:
    """A whole chat completion."""
    message: dict[str, Any] = {"role": "assistant", "content": "".join(answer.tokens) or None, "refusal": None}
    if answer.tools:
        message["tool_calls"] = [
            {"id": tool.id, "type": "function", "function": {"name": tool.name, "arguments": tool.arguments}}
            for tool in answer.tools
        ]
    usage = usage_of(call, answer)
    return {
        "id": "chatcmpl-test",
        "object": "chat.completion",
        "created": 0,
        "model": answer.model or call.body.get("model", "scripted"),
        "choices": [{"index": 0, "message": message, "finish_reason": answer.reason, "logprobs": None}],
    } | ({"usage": usage} if usage is not None else {})


def usage_of(call: Call, answer: Answer) -> dict[str, int] | None:
    """The usage of an answer, or what its fault makes of it."""
    kind = answer.fault.kind if answer.fault is not None else None
    if kind == "no_usage":
        return None
    if kind == "wrong_usage":
        return {"prompt_tokens": -7, "completion_tokens": 10**9, "total_tokens": 3}
    given, made = answer.usage or (sum(_count(json.dumps(one)) for one in call.messages), len(answer.tokens))
    return {"prompt_tokens": given, "completion_tokens": made, "total_tokens": given + made}


def _chunk(
    call: Call,
    answer: Answer,
    delta: dict[str, Any] | None,
    *,
    finish: str | None = None,
    usage: dict[str, int] | None = None,
) -> dict[str, Any]:
    choices = [] if delta is None else [{"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}]
    return {
        "id": "chatcmpl-test",
        "object": "chat.completion.chunk",
        "created": 0,
        "model": answer.model or call.body.get("model", "scripted"),
        "choices": choices,
    } | ({"usage": usage} if usage is not None else {})


def _tool_deltas(answer: Answer) -> Iterator[dict[str, Any]]:
    """Each tool's name first, then its arguments in two pieces, as OpenAI streams them."""
    for index, tool in enumerate(answer.tools):
        named = {"name": tool.name, "arguments": ""}
        yield {"tool_calls": [{"index": index, "id": tool.id, "type": "function", "function": named}]}
        middle = len(tool.arguments) // 2
        for part in (tool.arguments[:middle], tool.arguments[middle:]):
            yield {"tool_calls": [{"index": index, "function": {"arguments": part}}]}


def _count(text: str) -> int:
    return max(1, len(text) // 4)


def _pack(vector: Sequence[float]) -> str:
    return base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode()
