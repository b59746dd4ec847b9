"""The offline model: its vectors are the reference's, its files are checked, its processes come and go."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from ai_svc.embeddings.bert import Encoder, passes
from ai_svc.embeddings.exceptions import EmbedderUnavailable, ModelFilesRefused
from ai_svc.embeddings.offline import ENVIRONMENT, ModelProcess, OfflineEmbedder
from ai_svc.embeddings.offline_files import MAX_TOKENS, WHEEL_SHA256, offline_model, wheel_folder
from ai_svc.embeddings.space import Space
from ai_svc.embeddings.texts import Preparation

SENTENCES = ["That is a happy person", "That is a happy dog", "That is a very happy person", "Today is a sunny day"]
# As the model's page says them, from the reference implementation.
COSINES = [1, 0.6945773363113403, 0.9429150819778442, 0.2568760812282562]
# The beginning of the first sentence's vector.
FIRST = [-0.033877, 0.091942, 0.048701, -0.034884, -0.064829, -0.026686, 0.134293, -0.006915]

# Speaks the protocol of the model's process: the vector of a text is its length; some texts make it misbehave.
STAND_IN = """
import json, os, struct, sys, time
while len(head := sys.stdin.buffer.read(4)) == 4:
    texts = json.loads(sys.stdin.buffer.read(struct.unpack(">I", head)[0]))
    if "crash" in texts and not os.path.exists(sys.argv[1]):
        open(sys.argv[1], "w").close()
        os._exit(3)
    if "always crash" in texts:
        os._exit(3)
    if "hang" in texts:
        time.sleep(600)
    body = b"\\1MemoryError" if "too much" in texts else b"\\0" + b"".join(struct.pack("<ff", len(t), 1) for t in texts)
    sys.stdout.buffer.write(struct.pack(">I", len(body)) + body)
    sys.stdout.buffer.flush()
"""


def test_the_process_finds_our_code_where_it_is_a_path_and_not_installed() -> None:
    command = [sys.executable, "-S", "-c", "import ai_svc.embeddings.offline_process"]

    assert subprocess.run(command, env=dict(ENVIRONMENT), check=False).returncode == 0


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    folder = wheel_folder()
    assert folder is not None, "the wheel of the offline model is among the development requirements"
    return Encoder(folder, max_tokens=MAX_TOKENS)


def test_vectors_are_those_of_the_reference(encoder: Encoder) -> None:
    vectors = encoder.encode(SENTENCES)
    assert (vectors[0] @ vectors.T).tolist() == pytest.approx(COSINES, abs=1e-5)
    assert vectors[0, :8].tolist() == pytest.approx(FIRST, abs=1e-5)


def test_a_text_has_the_same_vector_alone_and_among_others(encoder: Encoder) -> None:
    texts = ["Sim", "O pregão da B3 não abre em feriados nacionais. " * 12, *SENTENCES, ""]
    together, alone = encoder.encode(texts), [encoder.encode([text])[0] for text in texts]
    for one, other in zip(together, alone, strict=True):
        assert float(one @ other) == pytest.approx(1, abs=1e-5)


def test_what_is_beyond_the_limit_is_cut_off(encoder: Encoder) -> None:
    long = "feriado " * 300
    one, other = encoder.encode([long, long + "pregão"])
    assert float(one @ other) == pytest.approx(1, abs=1e-6)


def test_passes_hold_like_lengths_and_no_more_than_they_may() -> None:
    lengths = [256, 3, 200, 7, 3, 250, 256, 256, 256]
    groups = passes(lengths)
    assert sorted(row for group in groups for row in group) == list(range(len(lengths)))
    assert all(len(group) * max(lengths[row] for row in group) <= 1024 for group in groups)
    assert groups[0][:3] == [1, 4, 3]


def test_the_wheel_is_known_by_its_bytes() -> None:
    model = offline_model()
    assert (model.dimensions, model.max_tokens) == (384, 256)
    assert model.name.startswith("all-MiniLM-L6-v2@")


def test_other_bytes_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(WHEEL_SHA256, "tokenizer.json", "0" * 64)
    with pytest.raises(ModelFilesRefused, match=r"tokenizer\.json is not the known one"):
        offline_model()


def test_an_operators_folder_needs_its_files_and_a_model_that_can_be_run(tmp_path: Path) -> None:
    with pytest.raises(ModelFilesRefused, match=r"config\.json cannot be read"):
        offline_model(tmp_path)
    for name in ("config.json", "tokenizer.json", "model.safetensors"):
        (tmp_path / name).write_text('{"model_type": "gpt2", "hidden_act": "gelu_new"}')
    with pytest.raises(ModelFilesRefused, match="hidden_act, model_type is not supported"):
        offline_model(tmp_path)
    (tmp_path / "config.json").write_text('{"model_type": "bert", "hidden_act": "gelu", "hidden_size": 12}')
    assert offline_model(tmp_path).dimensions == 12


async def test_questions_and_passages_through_the_real_process() -> None:
    model = offline_model()
    space = Space(1, "local", model.name, 384, Preparation().dump(), 0.1)
    embedder = OfflineEmbedder(space, model)
    try:
        passages = await embedder.passages(SENTENCES)
        question = await embedder.query(SENTENCES[0])
    finally:
        await embedder.aclose()
    assert [sum(a * b for a, b in zip(question, one, strict=True)) for one in passages] == pytest.approx(
        COSINES, abs=1e-4
    )


@pytest.fixture
async def process(tmp_path: Path) -> AsyncIterator[Any]:
    made: list[ModelProcess] = []

    def make(**limits: float) -> ModelProcess:
        command = [sys.executable, "-c", STAND_IN, str(tmp_path / "crashed")]
        values: Any = {"timeout_seconds": 60, "idle_seconds": 600} | limits
        made.append(ModelProcess(command, dimensions=2, **values))
        return made[-1]

    yield make
    for one in made:
        await one.aclose()


async def test_it_starts_when_it_is_needed_and_answers_in_order(process: Any) -> None:
    model = process()
    assert model.pid is None
    answers = await asyncio.gather(*(model.ask(["x" * size]) for size in range(5)))
    assert answers == [[[size, 1]] for size in range(5)]
    assert model.pid is not None


async def test_a_crash_costs_one_more_try(process: Any) -> None:
    model = process()
    assert await model.ask(["crash"]) == [[5, 1]]


async def test_a_killed_process_is_replaced(process: Any) -> None:
    model = process()
    await model.ask(["x"])
    os.kill(model.pid, signal.SIGKILL)
    assert await model.ask(["xy"]) == [[2, 1]]


async def test_a_text_that_always_crashes_it_fails_alone(process: Any) -> None:
    model = process()
    with pytest.raises(EmbedderUnavailable, match="ends at its start or at this text"):
        await model.ask(["always crash"])
    assert await model.ask(["x"]) == [[1, 1]]


async def test_a_process_that_hangs_is_killed(process: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ai_svc.embeddings.offline.START_SECONDS", 60.0)
    model = process(timeout_seconds=0.3)
    await model.ask(["x"])
    pid = model.pid
    with pytest.raises(EmbedderUnavailable, match="did not answer within"):
        await model.ask(["hang"])
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert await model.ask(["xyz"]) == [[3, 1]]


async def test_what_goes_wrong_inside_is_told_without_the_text(process: Any) -> None:
    with pytest.raises(EmbedderUnavailable, match="failed with MemoryError"):
        await process().ask(["too much"])


async def test_a_caller_that_goes_away_disturbs_nobody(process: Any) -> None:
    model = process()
    await model.ask(["x"])
    pid = model.pid
    gone = asyncio.create_task(model.ask(["gone"]))
    await asyncio.sleep(0)
    gone.cancel()
    with pytest.raises(asyncio.CancelledError):
        await gone
    assert await model.ask(["stays"]) == [[5, 1]]
    assert model.pid == pid


async def test_it_rests_when_nobody_asks(process: Any) -> None:
    model = process(idle_seconds=0.05)
    await model.ask(["x"])
    child = model._process
    assert child is not None
    assert await asyncio.wait_for(child.wait(), 60) == 0, "the end of its input ends it"
    assert model.pid is None
    assert await model.ask(["again"]) == [[5, 1]]
