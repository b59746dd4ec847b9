"""Params of the jobs that ask ai-svc."""

from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from rotina import Params

Source = Annotated[str | None, Field(description="O texto. Em vez dele: `file`.")]
SourceFile = Annotated[
    str | None,
    Field(description="Arquivo de texto (UTF-8) na pasta de armazenamento do worker, por exemplo avisos/hoje.txt."),
]


class _TextParams(Params):
    """A text, or the file that holds it."""

    text: Source = None
    file: SourceFile = None

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if (self.text is None) == (self.file is None):
            raise ValueError("give either `text` or `file`")
        return self


class ProcessTextParams(_TextParams):
    """An instruction (which needs a model) or an operation (which needs none)."""

    instruction: Annotated[str | None, Field(max_length=4000, description="O que fazer com o texto.")] = None
    operation: Annotated[
        Literal["clean", "keywords", "sentences", "statistics", "language"] | None,
        Field(description="Uma operação que dispensa modelo."),
    ] = None
    answer_schema: Annotated[
        dict[str, Any] | None, Field(description="JSON Schema que a resposta à instrução deve satisfazer.")
    ] = None


class SummarizeParams(_TextParams):
    """A summary."""

    style: Annotated[Literal["paragraph", "bullets", "one_line"], Field(description="A forma do resumo.")] = "paragraph"
    length: Annotated[Literal["short", "medium", "long"], Field(description="O tamanho do resumo.")] = "medium"
    language: Annotated[Literal["pt-BR", "en", "es"], Field(description="A língua do resumo.")] = "pt-BR"
    focus: Annotated[str, Field(max_length=500, description="O que interessa; vazio para um resumo geral.")] = ""


class QaParams(_TextParams):
    """A question that the text may answer."""

    question: Annotated[str, Field(min_length=3, max_length=2000, description="A pergunta.")]


class BatchParams(Params):
    """Many texts of one kind."""

    kind: Annotated[Literal["process", "summarize", "qa"], Field(description="O que fazer com cada item.")]
    items: Annotated[
        list[dict[str, Any]] | None, Field(min_length=1, description="Os itens, cada um com os campos do seu tipo.")
    ] = None
    file: Annotated[
        str | None, Field(description="Em vez de `items`: arquivo JSON Lines na pasta de armazenamento do worker.")
    ] = None

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if (self.items is None) == (self.file is None):
            raise ValueError("give either `items` or `file`")
        return self


class WarningsParams(Params):
    """Which day's loads to tell of."""

    reference: Annotated[
        Literal["business_date", "previous_session"] | date,
        Field(description="A data de negócio da execução, o pregão anterior da B3, ou uma data."),
    ] = "business_date"
    jobs: Annotated[
        list[Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,100}$")]],
        Field(min_length=1, max_length=50, description="Começo dos nomes dos comandos que contam como cargas."),
    ] = Field(default=["b3.", "cvm.", "job_baixar_arquivos_b3", "job_download_arquivos_CVM"])
    tag: Annotated[str | None, Field(pattern="^[a-z0-9-]{1,60}$", description="Somente rotinas com esta etiqueta.")] = (
        None
    )
