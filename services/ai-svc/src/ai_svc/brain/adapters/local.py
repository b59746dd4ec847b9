"""The provider without a model: it answers from rules and from sentences of the text that it was given.

Deterministic and free. It ends the chain, so that there is an answer when nothing else answers. It calls no tools, and
fills in no schema: values that look like an answer and are none would be worse than an error.
"""

import re
from collections.abc import AsyncGenerator, Sequence
from typing import Final

from ai_svc.brain.adapters.extractive import Language, answer_sentences, language_of, sentences, summarise
from ai_svc.brain.chat import ChatRequest, ChatResult, Delta, Done, FinishReason, Usage
from ai_svc.brain.exceptions import NotSupported
from ai_svc.brain.schemas import ProviderName

MODEL: Final = "extractive"
# What is given as text to work on stands between tags, between fences, or below the instruction.
_FENCED: Final = re.compile(r"<(\w[\w-]*)[^<>]*>(.*?)</\1>|```\w*\n(.*?)```|\"\"\"(.*?)\"\"\"", re.DOTALL)
_SUMMARY: Final = re.compile(r"\b(?:resum\w+|sumari[sz]\w+|sintetiz\w+|síntese|summar\w+|tl;dr)\b", re.IGNORECASE)
_COUNT: Final = re.compile(r"\b(\d{1,2})\s+(?:frases?|sentenças?|sentences?)\b", re.IGNORECASE)
_DEFAULT_SENTENCES: Final = 4
_NOTHING_FOUND: Final[dict[Language, str]] = {
    "pt": "Não encontrei no texto uma resposta para essa pergunta.",
    "en": "I found no answer to this question in the text.",
}
_NO_MODEL: Final[dict[Language, str]] = {
    "pt": "Nenhum modelo de linguagem respondeu. Sem um, posso resumir um texto ou citar dele o que responde a uma "
    "pergunta: envie o texto junto com o pedido.",
    "en": "No language model answered. Without one I can summarise a text or quote from it what answers a question: "
    "send the text along with the request.",
}


class LocalProvider:
    """Summaries and quotations instead of a model."""

    name = ProviderName.LOCAL
    model = MODEL

    async def chat(self, request: ChatRequest) -> ChatResult:
        """The best that can be had from the messages. Raises `NotSupported` when JSON of a schema is asked for."""
        return self._result(self._answer(request))

    async def stream(self, request: ChatRequest) -> AsyncGenerator[Delta | Done]:
        """The same, a sentence at a time."""
        text = self._answer(request)
        place = 0
        for sentence in sentences(text):
            end = text.find(sentence, place) + len(sentence)
            yield Delta(text[place:end])
            place = end
        if text[place:]:
            yield Delta(text[place:])
        yield Done(self._result(text))

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """Vectors need a model: raises `NotSupported`."""
        del texts
        raise NotSupported("without a model there are no embeddings here; the offline embedder is in `embeddings`")

    async def aclose(self) -> None:
        """Nothing is open."""

    def _answer(self, request: ChatRequest) -> str:
        if request.schema is not None:
            raise NotSupported("without a model, answers cannot be given in the shape of a schema")
        instruction, text = _split(request)
        language = language_of(f"{instruction} {text}")
        if not text:
            return _NO_MODEL[language]
        if _SUMMARY.search(instruction):
            wanted = _COUNT.search(instruction)
            limit = int(wanted.group(1)) if wanted else _DEFAULT_SENTENCES
            return summarise(text, max_sentences=max(1, limit), language=language)
        question = instruction.rpartition("\n\n")[2]
        found = answer_sentences(question, text, language=language)
        return " ".join(found) or _NOTHING_FOUND[language]

    def _result(self, text: str) -> ChatResult:
        return ChatResult(
            text=text,
            tool_calls=(),
            finish_reason=FinishReason.STOP,
            usage=Usage(0, 0),
            provider=self.name,
            model=self.model,
        )


def _split(request: ChatRequest) -> tuple[str, str]:
    """What is asked, and the text that it is asked about; the text is empty when there is none."""
    system = "\n".join(message.content for message in request.messages if message.role == "system")
    tools = "\n\n".join(message.content for message in request.messages if message.role == "tool")
    last = next((message.content for message in reversed(request.messages) if message.role == "user"), "")
    spoken = f"{system}\n\n{last}" if system else last
    fenced = ["".join(match.group(2, 3, 4)[index] or "" for index in range(3)) for match in _FENCED.finditer(spoken)]
    if fenced or tools:
        return _FENCED.sub(" ", spoken).strip(), "\n\n".join([*fenced, tools]).strip()
    head, separator, rest = last.partition("\n\n")
    if separator:
        return f"{system}\n\n{head}".strip(), rest.strip()
    if _SUMMARY.search(system):
        return system, last
    before, colon, after = last.partition(":")
    if colon and _SUMMARY.search(before) and after.strip():
        return before, after.strip()
    return last, ""
