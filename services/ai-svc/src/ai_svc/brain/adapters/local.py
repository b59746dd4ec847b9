"""The provider without a model: it answers from rules and from sentences of the text that it was given.

Deterministic and free. It ends the chain, so that there is an answer when nothing else answers. It calls no tools, and
fills in no schema: values that look like an answer and are none would be worse than an error.
"""

import asyncio
import re
from collections.abc import AsyncGenerator, Sequence
from typing import Final

from ai_svc.brain.adapters.extractive import Language, answer_sentences, language_of, sentences, summarise
from ai_svc.brain.chat import ChatRequest, ChatResult, Delta, Done, FinishReason, Usage
from ai_svc.brain.exceptions import NotSupported
from ai_svc.brain.schemas import ProviderName

MODEL: Final = "extractive"
# What is given as text to work on stands between the fences of `brain/templates`, between tags, or below what is asked.
_FENCED: Final = re.compile(
    r"<<<([^<>\n]+ [0-9a-f]{20})>>>\n(?P<key>.*?)\n<<<FIM \1>>>|<(\w[\w-]*)>(?P<tag>.*?)</\3>"
    r"|```\w*\n(?P<ticks>.*?)```|\"\"\"(?P<quotes>.*?)\"\"\"",
    re.DOTALL,
)
_SUMMARY: Final = re.compile(
    r"\b(?:resum\w+|sumari[sz]\w+|sintetiz\w+|síntese|boletim|summar\w+|tl;dr)\b", re.IGNORECASE
)
_QUESTION: Final = re.compile(r"^(?:pergunta|question)\s*:\s*(.+)$", re.IGNORECASE | re.MULTILINE)
_SENTENCES: Final = re.compile(r"\b(\d{1,2})\s+(?:frases?|sentenças?|sentences?)\b", re.IGNORECASE)
_WORDS: Final = re.compile(r"\b(\d{1,4})\s+(?:palavras|words)\b", re.IGNORECASE)
_WORDS_PER_SENTENCE: Final = 25
_DEFAULT_SENTENCES: Final = 4
_LONG: Final = 20_000
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
        return self._result(await self._answer(request))

    async def stream(self, request: ChatRequest) -> AsyncGenerator[Delta | Done]:
        """The same, a sentence at a time."""
        text = await self._answer(request)
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

    async def _answer(self, request: ChatRequest) -> str:
        if request.schema is not None:
            raise NotSupported("without a model, answers cannot be given in the shape of a schema")
        # Ranking a long text takes a tenth of a second: other requests do not wait for it.
        if sum(len(message.content) for message in request.messages) > _LONG:
            return await asyncio.to_thread(answer_to, request)
        return answer_to(request)

    def _result(self, text: str) -> ChatResult:
        return ChatResult(
            text=text,
            tool_calls=(),
            finish_reason=FinishReason.STOP,
            usage=Usage(0, 0),
            provider=self.name,
            model=self.model,
        )


def answer_to(request: ChatRequest) -> str:
    """A summary or quotations, whichever is asked for; a sentence that says what is missing when there is no text."""
    system = "\n".join(message.content for message in request.messages if message.role == "system")
    spoken = next((message.content for message in reversed(request.messages) if message.role == "user"), "")
    asked, text = _split(spoken, system=system)
    text = "\n\n".join([text, *(message.content for message in request.messages if message.role == "tool")]).strip()
    language = language_of(f"{asked} {text}")
    if not text:
        return _NO_MODEL[language]
    question = _QUESTION.search(asked)
    if question is None and (_SUMMARY.search(asked) or _SUMMARY.search(system.partition("\n")[0])):
        return summarise(text, max_sentences=_limit(f"{asked}\n{system}"), language=language)
    found = answer_sentences(question.group(1) if question else asked, text, language=language)
    return " ".join(found) or _NOTHING_FOUND[language]


def _split(spoken: str, *, system: str) -> tuple[str, str]:
    """What is asked, and the text that it is asked about; the text is empty when there is none."""
    between = ([part for part in match.groupdict().values() if part] for match in _FENCED.finditer(spoken))
    fenced = [part for parts in between for part in parts]
    if fenced:
        return _FENCED.sub(" ", spoken).strip(), "\n\n".join(fenced)
    head, separator, rest = spoken.partition("\n\n")
    if separator:
        return head, rest.strip()
    if _SUMMARY.search(system.partition("\n")[0]):
        return "", spoken
    before, colon, after = spoken.partition(":")
    if colon and _SUMMARY.search(before):
        return before, after.strip()
    return spoken, ""


def _limit(instructions: str) -> int:
    """How many sentences a summary may have, by what is said about sentences or words."""
    in_sentences, in_words = _SENTENCES.search(instructions), _WORDS.search(instructions)
    if in_sentences:
        return max(1, int(in_sentences.group(1)))
    return max(1, int(in_words.group(1)) // _WORDS_PER_SENTENCE) if in_words else _DEFAULT_SENTENCES
