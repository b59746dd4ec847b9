"""Embeddings of OpenAI and of servers that speak its protocol. Loaded only where one is configured."""

from collections.abc import Sequence
from typing import Final

import openai

from ai_svc.brain.exceptions import ModelFailed, ModelLimited, ModelRefused, ModelTimedOut, ModelUnavailable

TIMEOUT_SECONDS: Final = 30.0
# Those of OpenAI's models that can be asked for fewer dimensions than they have; others refuse the parameter.
_SHORTENABLE: Final = "text-embedding-3-"


class OpenAiEmbeddings:
    """One model behind one address. The library's own retries are off: whoever calls decides."""

    def __init__(self, *, key: str, url: str | None, model: str, dimensions: int) -> None:
        self._client = openai.AsyncOpenAI(api_key=key, base_url=url, max_retries=0, timeout=TIMEOUT_SECONDS)
        self._model = model
        self._dimensions = dimensions if model.startswith(_SHORTENABLE) else openai.omit

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """One vector per text, in their order. Raises the errors of `ai_svc.brain.exceptions`."""
        try:
            answer = await self._client.embeddings.create(
                model=self._model, input=list(texts), encoding_format="float", dimensions=self._dimensions
            )
        except openai.APITimeoutError as error:
            raise ModelTimedOut from error
        except openai.RateLimitError as error:
            raise ModelLimited from error
        except openai.APIConnectionError as error:
            raise ModelUnavailable from error
        except openai.APIStatusError as error:
            raise (ModelRefused if error.status_code < 500 else ModelUnavailable) from error
        except openai.OpenAIError as error:
            raise ModelFailed from error
        return [item.embedding for item in sorted(answer.data, key=lambda item: item.index)]
