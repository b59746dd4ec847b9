"""What text jobs take and give."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from ai_svc.prose.load_report import DayReport, Load, LoadWarning
from ai_svc.prose.operations import Operation
from ai_svc.tasks.public import ItemRead, TaskRead

Style = Literal["paragraph", "bullets", "one_line"]
Length = Literal["short", "medium", "long"]
Language = Literal["pt-BR", "en", "es"]
Kind = Literal["process", "summarize", "qa"]

MAX_INSTRUCTION = 4000
MAX_QUESTION = 2000


def _without_nul(value: Any) -> Any:
    # PostgreSQL's JSON cannot hold NUL, and no text needs it.
    return value.replace("\x00", "") if isinstance(value, str) else value


Text = Annotated[
    str, BeforeValidator(_without_nul), Field(min_length=1, description="The text, as data: never orders.")
]


class _Write(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ProcessRequest(_Write):
    """An `instruction` for a model, or an `operation` that needs none. Exactly one of the two."""

    text: Text
    instruction: (
        Annotated[
            str,
            BeforeValidator(_without_nul),
            Field(min_length=1, max_length=MAX_INSTRUCTION, examples=["Extraia as datas e os valores."]),
        ]
        | None
    ) = None
    operation: Operation | None = None
    answer_schema: dict[str, Any] | None = Field(
        default=None, description="JSON schema (2020-12) that the answer must satisfy; only with an instruction."
    )

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.instruction is None) == (self.operation is None):
            raise ValueError("send either an instruction or an operation")
        if self.answer_schema is not None and self.instruction is None:
            raise ValueError("a schema needs an instruction")
        return self


class SummarizeRequest(_Write):
    """A text to be summed up."""

    text: Text
    style: Style = "paragraph"
    length: Length = "medium"
    language: Language = "pt-BR"
    focus: Annotated[
        str,
        BeforeValidator(_without_nul),
        Field(max_length=500, description="What matters to whoever asks.", examples=["prazos e valores"]),
    ] = ""


class QaRequest(_Write):
    """A question that the text may answer."""

    text: Text
    question: Annotated[
        str,
        BeforeValidator(_without_nul),
        Field(min_length=3, max_length=MAX_QUESTION, examples=["Quando o arquivo é publicado?"]),
    ]


class BatchRequest(_Write):
    """Many inputs of one kind; each item has the fields of that kind's own request."""

    kind: Kind
    items: list[ProcessRequest] | list[SummarizeRequest] | list[QaRequest] = Field(min_length=1)

    @model_validator(mode="before")
    @classmethod
    def _items_of_the_kind(cls, data: Any) -> Any:
        """Items are read as what the kind says, so that an error names the field that is wrong."""
        if not isinstance(data, dict) or data.get("kind") not in REQUESTS or not isinstance(data.get("items"), list):
            return data
        model = REQUESTS[data["kind"]]
        return {
            **data,
            "items": [one if isinstance(one, model) else model.model_validate(one) for one in data["items"]],
        }


REQUESTS: dict[str, type[ProcessRequest | SummarizeRequest | QaRequest]] = {
    "process": ProcessRequest,
    "summarize": SummarizeRequest,
    "qa": QaRequest,
}


class InternalJob[RequestT: BaseModel](BaseModel):
    """A request of another service. Sent again with its key, it goes on with what is there and not yet done."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    request: RequestT
    idempotency_key: Annotated[str | None, Field(min_length=1, max_length=200)] = None


# --- answers ----------------------------------------------------------------------------------------------------------


class _Read(BaseModel):
    model_config = ConfigDict(frozen=True)


class CallsRead(_Read):
    """The calls to models that it took: none when it was done without one (`provider` is `local`)."""

    calls: int
    input_tokens: int
    output_tokens: int
    provider: str
    model: str | None


class PartProblem(_Read):
    """A part of a long text, counted from 1, that could not be done."""

    part: int
    code: str
    message: str


class ProcessRead(_Read):
    """`data` is the JSON of an answer with a schema (a list when the text had several parts), or an operation's."""

    text: str
    data: Any
    parts: int
    failed_parts: list[PartProblem]
    truncated: bool
    """Whether an answer was cut off because it was longer than this installation allows."""
    calls: CallsRead


class SummaryRead(_Read):
    """A summary. Sentences of `extractive_parts` of the `parts` were taken from the text, word for word."""

    summary: str
    style: Style
    language: str
    parts: int
    extractive_parts: int
    calls: CallsRead


class QuoteRead(_Read):
    """A part of the text: `text[start:end]` in characters, as it is written there."""

    text: str
    start: int
    end: int


class TextAnswerRead(_Read):
    """An answer with quotes that stand in the text; without any there is no answer."""

    found: bool
    answer: str
    quotes: list[QuoteRead]
    parts: int
    failed_parts: list[PartProblem]
    calls: CallsRead


class BatchRead(_Read):
    """A batch that is done, with what became of each item."""

    task: TaskRead
    items: list[ItemRead]


# --- the day's loads --------------------------------------------------------------------------------------------------


class LoadWarningFact(_Write):
    code: str = Field(max_length=200)
    message: str = Field(max_length=2000)
    file: str | None = Field(default=None, max_length=300)


class LoadFact(_Write):
    """One execution of a load, as its result tells it."""

    routine: str = Field(max_length=200)
    title: str = Field(default="", max_length=300)
    job: str = Field(max_length=100)
    status: str = Field(max_length=20)
    rows: int | None = None
    files: list[str] = Field(default_factory=list, max_length=500)
    missing: list[str] = Field(default_factory=list, max_length=500)
    warnings: list[LoadWarningFact] = Field(default_factory=list, max_length=1000)
    error_code: str | None = None
    error_message: str | None = Field(default=None, max_length=5000)


class WarningsRequest(_Write):
    """What happened to a business date's loads."""

    business_date: date
    loads: list[LoadFact] = Field(max_length=5000)

    def report(self) -> DayReport:
        """The same as a value that can be counted and told."""
        return DayReport(
            business_date=self.business_date,
            loads=tuple(
                Load(
                    **one.model_dump(exclude={"files", "missing", "warnings"}),
                    files=tuple(one.files),
                    missing=tuple(one.missing),
                    warnings=tuple(LoadWarning(**warning.model_dump()) for warning in one.warnings),
                )
                for one in self.loads
            ),
        )


class WarningsRead(_Read):
    """One paragraph in Portuguese. `source` is `template` when no model wrote it, or its words were not the data's."""

    paragraph: str
    source: Literal["model", "template"]
    objection: str | None
    """Why a model's paragraph was not taken."""
    totals: dict[str, int]
    calls: CallsRead


@dataclass(frozen=True, slots=True, kw_only=True)
class TextLimits:
    """Bounds of text jobs; characters, tokens, seconds."""

    max_chars: int = 2_000_000
    sync_chars: int = 24_000
    sync_items: int = 10
    sync_wait_seconds: float = 25.0
    max_items: int = 500
    window_tokens: int = 12_000
    max_output_tokens: int = 4096
    concurrency: int = 4
    call_seconds: float = 120.0
    retry_seconds: float = 1.0
