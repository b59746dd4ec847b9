"""Which embedder makes the vectors of a space, and which space an installation begins with."""

import asyncio
import importlib
from collections.abc import Callable
from typing import Any, Final, Protocol

from ai_svc.brain.ledger import Ledger
from ai_svc.brain.schemas import ProviderName
from ai_svc.embeddings.booked import BookedModel, EmbeddingModel
from ai_svc.embeddings.exceptions import EmbedderUnavailable, ModelFilesRefused
from ai_svc.embeddings.offline import OfflineEmbedder
from ai_svc.embeddings.offline_files import OfflineModel, offline_model
from ai_svc.embeddings.remote import RemoteEmbedder
from ai_svc.embeddings.space import Embedder, Space
from ai_svc.embeddings.spaces import NewSpace
from ai_svc.embeddings.texts import Preparation
from ai_svc.settings import Settings

# The offline model knows English: the word index finds Portuguese better, and equal weights would spoil it (measured on
# Pira: nDCG@10 0.868 with a tenth, 0.694 with a half, 0.872 without).
OFFLINE_WEIGHT: Final = 0.1
# Nothing was measured for other models here; less than half, since a word index that is led astray is rarer.
REMOTE_WEIGHT: Final = 0.4
DEFAULT_MODEL: Final = "text-embedding-3-small"
DEFAULT_DIMENSIONS: Final = 1536

type ConnectModel = Callable[[Settings, str, str, int], EmbeddingModel]


class ClosingEmbedder(Embedder, Protocol):
    async def aclose(self) -> None: ...


class Embedders:
    """Embedders by space, made when they are first needed and closed with the service."""

    def __init__(self, settings: Settings, *, ledger: Ledger, connect: ConnectModel | None = None) -> None:
        self._settings = settings
        self._ledger = ledger
        self._connect = connect or _connect
        self._made: dict[int, ClosingEmbedder] = {}
        self._offline: OfflineModel | None = None
        self._turn = asyncio.Lock()

    async def of(self, space: Space) -> Embedder:
        """The space's embedder.

        Raises `EmbedderUnavailable` when its provider is not configured, and `ModelFilesRefused` when the files of the
        offline model are not those that the space was made with.
        """
        async with self._turn:
            if space.id not in self._made:
                self._made[space.id] = await self._make(space)
            return self._made[space.id]

    async def first_space(self) -> NewSpace | None:
        """The space that the settings describe; None when they switch vectors off. Raises `ModelFilesRefused`."""
        provider = self._settings.embeddings_provider
        if provider == "off":
            return None
        return await self.described(
            provider,
            model=self._settings.embeddings_model,
            dimensions=self._settings.embeddings_dimensions,
            preparation=Preparation(self._settings.embeddings_query_prefix, self._settings.embeddings_passage_prefix),
            dense_weight=self._settings.embeddings_dense_weight,
        )

    async def described(
        self,
        provider: str,
        *,
        model: str | None,
        dimensions: int | None,
        preparation: Preparation,
        dense_weight: float | None,
    ) -> NewSpace:
        """A space of that provider, with what was not said filled in. Raises `ModelFilesRefused`."""
        if provider == ProviderName.LOCAL:
            offline = await self._offline_model()
            name, size, weight = offline.name, offline.dimensions, OFFLINE_WEIGHT
        else:
            name, size, weight = model or DEFAULT_MODEL, dimensions or DEFAULT_DIMENSIONS, REMOTE_WEIGHT
        return NewSpace(provider, name, size, preparation.dump(), weight if dense_weight is None else dense_weight)

    async def aclose(self) -> None:
        """Ends what was started."""
        made, self._made = list(self._made.values()), {}
        await asyncio.gather(*(embedder.aclose() for embedder in made))

    async def _make(self, space: Space) -> ClosingEmbedder:
        if space.provider != ProviderName.LOCAL:
            model = self._connect(self._settings, space.provider, space.model, space.dimensions)
            booked = BookedModel(model, self._ledger, provider=ProviderName(space.provider), name=space.model)
            return RemoteEmbedder(space, booked)
        model_here = await self._offline_model()
        if model_here.name != space.model:
            raise ModelFilesRefused(
                f"this space was made by {space.model}, and the offline model here is {model_here.name}: put the files "
                "back, or start a new embedding space"
            )
        return OfflineEmbedder(space, model_here)

    async def _offline_model(self) -> OfflineModel:
        if self._offline is None:
            self._offline = await asyncio.to_thread(offline_model, self._settings.local_model_path)
        return self._offline


def _connect(settings: Settings, provider: str, model: str, dimensions: int) -> EmbeddingModel:
    """The client library is loaded by those installations that use it."""
    key, url = settings.openai_api_key, None
    if provider == ProviderName.OPENAI_COMPATIBLE:
        # Each server gets its own key and nobody else's.
        key, url = settings.openai_compatible_api_key, settings.openai_compatible_url
    elif provider != ProviderName.OPENAI:
        raise EmbedderUnavailable(f"{provider} has no embeddings here: use openai, openai_compatible or local")
    if (provider == ProviderName.OPENAI and key is None) or (provider != ProviderName.OPENAI and url is None):
        raise EmbedderUnavailable(f"the provider {provider} is not configured: set its key or its address")
    module: Any = importlib.import_module("ai_svc.embeddings.openai_model")
    made: EmbeddingModel = module.OpenAiEmbeddings(
        key=key.get_secret_value() if key is not None else "none", url=url, model=model, dimensions=dimensions
    )
    return made
