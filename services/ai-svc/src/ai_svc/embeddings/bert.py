"""A BERT encoder in numpy: what turns texts into vectors with no model server. Imported by the model's own process
only.

fp32 throughout; padded positions are never attended to, and texts of like length share a pass, so that the work goes
with the tokens and not with the longest text. The vectors are those of the reference implementation to about 1e-6.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file
from tokenizers import Tokenizer

type Floats = NDArray[np.float32]

# What one pass may hold: 1,024 tokens are about 25 MB of activations, and more of them are not faster.
MAX_PASS_TOKENS = 1024
# GELU goes through the activations several times: pieces of this many rows stay in the cache of a core.
GELU_ROWS = 64


class Encoder:
    """Texts in, vectors of length 1 out."""

    def __init__(self, folder: Path, *, max_tokens: int) -> None:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        self._layers = int(config["num_hidden_layers"])
        self._heads = int(config["num_attention_heads"])
        self._epsilon = float(config["layer_norm_eps"])
        self._first_token_only = _pools_first_token(folder)
        self._weights = _weights(folder / "model.safetensors")
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(max_length=min(max_tokens, int(config["max_position_embeddings"])))
        self._offset = int(config.get("pad_token_id", 0)) + 1 if config["model_type"] != "bert" else 0

    def encode(self, texts: Sequence[str]) -> Floats:
        """One row of length 1 per text, in the order of the texts."""
        tokens = [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]
        vectors = np.empty((len(tokens), self._weights["embeddings.word_embeddings.weight"].shape[1]), np.float32)
        for rows in passes([len(ids) for ids in tokens]):
            vectors[rows] = self._pass([tokens[row] for row in rows])
        return vectors

    def _pass(self, tokens: list[list[int]]) -> Floats:
        longest = max(len(ids) for ids in tokens)
        ids = np.zeros((len(tokens), longest), np.int64)
        mask = np.zeros((len(tokens), longest), np.float32)
        for row, line in enumerate(tokens):
            ids[row, : len(line)] = line
            mask[row, : len(line)] = 1
        states = self._embed(ids)
        bias = (mask - 1)[:, None, None, :] * np.float32(1e9)
        for layer in range(self._layers):
            states = self._layer(states, bias, f"encoder.layer.{layer}.")
        if self._first_token_only:
            pooled = states[:, 0]
        else:
            pooled = (states * mask[:, :, None]).sum(axis=1) / mask.sum(axis=1)[:, None]
        return np.asarray(pooled / np.linalg.norm(pooled, axis=1, keepdims=True), np.float32)

    def _embed(self, ids: NDArray[np.int64]) -> Floats:
        weights = self._weights
        states = weights["embeddings.word_embeddings.weight"][ids]
        states += weights["embeddings.position_embeddings.weight"][self._offset : self._offset + ids.shape[1]]
        states += weights["embeddings.token_type_embeddings.weight"][0]
        return self._norm(states, "embeddings.LayerNorm.")

    def _layer(self, states: Floats, bias: Floats, name: str) -> Floats:
        attended = self._linear(self._attention(states, bias, name), f"{name}attention.output.dense.")
        attended += states
        states = self._norm(attended, f"{name}attention.output.LayerNorm.")
        inner = self._linear(states, f"{name}intermediate.dense.")
        _gelu(inner)
        out = self._linear(inner, f"{name}output.dense.")
        out += states
        return self._norm(out, f"{name}output.LayerNorm.")

    def _attention(self, states: Floats, bias: Floats, name: str) -> Floats:
        texts, length, width = states.shape
        size = width // self._heads
        query, key, value = (
            self._linear(states, f"{name}attention.self.{part}.")
            .reshape(texts, length, self._heads, size)
            .transpose(0, 2, 1, 3)
            for part in ("query", "key", "value")
        )
        scores = query @ key.transpose(0, 1, 3, 2)
        scores *= np.float32(size**-0.5)
        scores += bias
        scores -= scores.max(axis=-1, keepdims=True)
        np.exp(scores, out=scores)
        scores /= scores.sum(axis=-1, keepdims=True)
        mixed: Floats = np.ascontiguousarray((scores @ value).transpose(0, 2, 1, 3))
        return mixed.reshape(texts, length, width)

    def _linear(self, states: Floats, name: str) -> Floats:
        rows = states.reshape(-1, states.shape[-1])
        out: Floats = rows @ self._weights[f"{name}weight"].T
        out += self._weights[f"{name}bias"]
        return out.reshape(*states.shape[:-1], -1)

    def _norm(self, states: Floats, name: str) -> Floats:
        states -= states.mean(axis=-1, keepdims=True)
        scale = np.sqrt(np.einsum("...i,...i->...", states, states) / states.shape[-1] + self._epsilon)
        states /= scale[..., None].astype(np.float32)
        states *= self._weights[f"{name}weight"]
        states += self._weights[f"{name}bias"]
        return states


def passes(lengths: Sequence[int]) -> list[list[int]]:
    """Which texts go through the model together: like lengths, at most `MAX_PASS_TOKENS` with the padding."""
    groups: list[list[int]] = []
    for row in sorted(range(len(lengths)), key=lengths.__getitem__):
        # Sorted by length: this text is the longest of its group, all others are padded to it.
        if groups and (len(groups[-1]) + 1) * lengths[row] <= MAX_PASS_TOKENS:
            groups[-1].append(row)
        else:
            groups.append([row])
    return groups


def _gelu(states: Floats) -> None:
    """In place: x * (1 + erf(x / sqrt 2)) / 2, with erf by Abramowitz and Stegun 7.1.26, whose error is below
    1.5e-7.
    """
    rows = states.reshape(-1, states.shape[-1])
    for start in range(0, len(rows), GELU_ROWS):
        x = rows[start : start + GELU_ROWS]
        z = np.abs(x)
        z *= np.float32(0.7071067811865476)
        t = np.float32(1) / (np.float32(1) + np.float32(0.3275911) * z)
        poly = t * np.float32(1.061405429)
        for coefficient in (-1.453152027, 1.421413741, -0.284496736, 0.254829592):
            poly += np.float32(coefficient)
            poly *= t
        z *= -z
        np.exp(z, out=z)
        poly *= z  # 1 - erf(|x| / sqrt 2)
        half = np.float32(0.5) * poly
        x *= np.where(x >= 0, np.float32(1) - half, half)


def _weights(path: Path) -> dict[str, Floats]:
    """The tensors by their names without a prefix of the file's maker, in fp32 (files in fp16 are read too)."""
    tensors: dict[str, Any] = load_file(path)
    named = {name.removeprefix("bert.").removeprefix("roberta."): tensor for name, tensor in tensors.items()}
    return {name: tensor.astype(np.float32, copy=False) for name, tensor in named.items() if tensor.dtype.kind == "f"}


def _pools_first_token(folder: Path) -> bool:
    """Whether the vector is the first token's; by default, and in most models, it is the mean of all."""
    pooling = folder / "1_Pooling" / "config.json"
    return pooling.is_file() and bool(json.loads(pooling.read_text(encoding="utf-8")).get("pooling_mode_cls_token"))
