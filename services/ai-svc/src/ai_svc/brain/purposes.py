"""What calls to models are made for: a closed set, since budgets, spans and metrics are told by it."""

from enum import StrEnum


class Purpose(StrEnum):
    """`CallContext.purpose`. A new kind of call gets a line here."""

    TEXT_PROCESS = "text.process"
    TEXT_SUMMARIZE = "text.summarize"
    TEXT_QA = "text.qa"
    TEXT_BATCH = "text.batch"
    RAG_ANSWER = "rag.answer"
    RAG_EVIDENCE_CHECK = "rag.evidence_check"
    EMBED_QUESTION = "embed.question"
    EMBED_PASSAGES = "embed.passages"
    PROMPT_TEST = "prompt.test"
    OTHER = "other"
