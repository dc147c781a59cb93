"""What tokens cost: a dated table of list prices (``prices.yaml``) and one function over it."""

from __future__ import annotations

import datetime
import re
from functools import cache
from pathlib import Path

import yaml
from pydantic import Field

from gitm.types import Frozen, Usage

#: ``gpt-4o-mini-2024-07-18``, ``gpt-3.5-turbo-0125``, ``claude-haiku-4.5-20251001``: a model's dated edition.
_EDITION = re.compile(r"-(\d{4}-\d{2}-\d{2}|\d{8}|\d{4})$")
_PER = 1_000_000


class Price(Frozen):
    """US dollars per million tokens."""

    input: float = Field(ge=0)
    output: float = Field(ge=0)


class PriceTable(Frozen):
    """List prices as of a date; ``free`` are the presets whose tokens cost nothing."""

    as_of: datetime.date
    free: tuple[str, ...] = ()
    models: dict[str, Price]

    def price(self, llm: str) -> Price | None:
        """The price for an LLM's name (``openai:gpt-5-mini``, ``openrouter:openai/gpt-5-mini``, ``gpt-5-mini``); None if unknown."""
        preset, colon, model = llm.partition(":")
        if preset in self.free:
            return Price(input=0, output=0)
        bare = (model if colon else llm).rpartition("/")[2]
        return self.models.get(bare) or self.models.get(_EDITION.sub("", bare))


@cache
def price_table() -> PriceTable:
    """The shipped table."""
    return PriceTable.model_validate(yaml.safe_load(Path(__file__).with_name("prices.yaml").read_text(encoding="utf-8")))


def cost(llm: str, usage: Usage, table: PriceTable | None = None) -> float | None:
    """US dollars that a usage cost at list prices; None when the table does not have the model."""
    price = (table or price_table()).price(llm)
    return (usage.prompt_tokens * price.input + usage.completion_tokens * price.output) / _PER if price else None
