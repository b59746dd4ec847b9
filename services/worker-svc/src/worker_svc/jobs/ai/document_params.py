"""Params of the jobs that keep documents."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from rotina import Params

Reader = Annotated[
    str, Field(pattern=r"^(\*|role:(viewer|operator|admin)|user:\S.{0,254})$", examples=["*", "role:operator"])
]


class IndexParams(Params):
    """One source: a folder, an address, a text, or an API that is configured in ai-svc."""

    folder: Annotated[
        str | None, Field(max_length=1000, description="Pasta aberta em AI_SVC_DOCUMENT_FOLDERS, ou abaixo dela.")
    ] = None
    url: Annotated[str | None, Field(max_length=2000, pattern=r"^https?://", description="Endereço a buscar.")] = None
    text: Annotated[str | None, Field(max_length=500_000, description="Texto em Markdown; precisa de título.")] = None
    api: Annotated[str | None, Field(max_length=60, description="Nome de uma API configurada no ai-svc.")] = None
    title: Annotated[str | None, Field(max_length=300, description="Título do texto ou do endereço.")] = None
    collection: Annotated[str, Field(max_length=100, description="Coleção em que os documentos ficam.")] = ""
    tags: Annotated[list[str], Field(max_length=20, default_factory=list)]
    readers: Annotated[list[Reader] | None, Field(max_length=100, description="Quem lê; em branco, todos.")] = None

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if sum(one is not None for one in (self.folder, self.url, self.text, self.api)) != 1:
            raise ValueError("give exactly one of folder, url, text and api")
        if self.text is not None and not self.title:
            raise ValueError("a text needs a title")
        return self


class RefreshParams(Params):
    """Which sources to ask for news."""

    sources: Annotated[
        list[Literal["product", "web"]],
        Field(
            min_length=1,
            description="product: a própria Rotina; web: endereços.",
            default_factory=lambda: ["product", "web"],
        ),
    ]
