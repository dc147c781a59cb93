"""The scripted LLM, the noisy one, and the price table."""

import datetime
import random

import pytest
from pydantic import BaseModel, ValidationError

from gitm.errors import LLMError
from gitm.llm.noisy import NoiseRates, Noisy
from gitm.llm.prices import Price, PriceTable, cost, price_table
from gitm.llm.scripted import Scripted
from gitm.types import LLM, Message, Usage


class Number(BaseModel):
    n: int


ASK = [Message(role="user", content="n?")]


def test_a_script_is_read_to_its_end_and_then_raises() -> None:
    llm = Scripted([{"n": 1}, Number(n=2), LLMError("down"), {"n": "x"}])
    assert isinstance(llm, LLM)
    assert [llm.complete(ASK, Number).value.n for _ in range(2)] == [1, 2]
    with pytest.raises(LLMError, match="down"):
        llm.complete(ASK, Number)
    with pytest.raises(LLMError, match="answer 4 is no Number: n: ") as wrong:
        llm.complete(ASK, Number)
    assert wrong.value.usage == Usage(calls=1)
    with pytest.raises(LLMError, match="at its end after 4 answers"):
        llm.complete(ASK, Number)
    assert llm.calls == 5
    assert llm.asked[0] == (tuple(ASK), Number)


def test_a_function_as_script_sees_the_request() -> None:
    llm = Scripted(lambda messages, schema: {"n": len(messages[0].content)} if schema is Number else KeyError(), name="len")
    reply = llm.complete(ASK, Number)
    assert (reply.value.n, reply.usage, llm.name) == (2, Usage(calls=1), "len")


def outcomes(seed: int, rates: NoiseRates, times: int = 2000) -> list[str]:
    def one_more(value: BaseModel, _: random.Random) -> BaseModel:
        return value.model_copy(update={"n": -1})

    llm = Noisy(Scripted(lambda *_: {"n": 1}), seed, rates, damage=one_more)
    seen: list[str] = []
    costs: list[Usage | None] = []
    for _ in range(times):
        try:
            seen.append("damaged" if llm.complete(ASK, Number).value.n == -1 else "good")
        except LLMError as error:
            seen.append("error" if "server failed" in str(error) else "malformed")
            costs.append(error.usage)
    assert set(costs) <= {Usage(calls=1)}
    assert all(llm.faults[fault] == seen.count(fault) for fault in llm.faults)
    return seen


def test_noise_has_its_rates_and_repeats_by_seed() -> None:
    rates = NoiseRates(error=0.1, malformed=0.2, damaged=0.3)
    seen = outcomes(7, rates)
    assert seen == outcomes(7, rates)
    assert seen != outcomes(8, rates)
    for fault, rate in [("error", 0.1), ("malformed", 0.2), ("damaged", 0.3), ("good", 0.4)]:
        assert abs(seen.count(fault) / len(seen) - rate) < 0.045  # four standard deviations of 2,000 draws


def test_no_noise_changes_nothing_and_all_noise_spares_nothing() -> None:
    assert set(outcomes(1, NoiseRates(), 50)) == {"good"}
    assert set(outcomes(1, NoiseRates(malformed=1.0), 50)) == {"malformed"}


def test_noise_that_makes_no_sense_is_refused() -> None:
    with pytest.raises(ValidationError, match="above 1"):
        NoiseRates(error=0.6, malformed=0.6)
    with pytest.raises(ValueError, match="damage function"):
        Noisy(Scripted([]), 1, NoiseRates(damaged=0.1))


def test_what_damage_draws_does_not_shift_later_faults() -> None:
    def draws(often: int) -> list[int]:
        def damage(value: BaseModel, own: random.Random) -> BaseModel:
            for _ in range(often):
                own.random()
            return value.model_copy(update={"n": 0})

        llm = Noisy(Scripted(lambda *_: {"n": 1}), 3, NoiseRates(damaged=0.5), damage)
        return [llm.complete(ASK, Number).value.n for _ in range(40)]

    assert draws(0) == draws(5)


def test_cost_is_tokens_times_the_price_per_million() -> None:
    table = PriceTable(as_of=datetime.date(2026, 1, 1), free=("ollama",), models={"m": Price(input=2.0, output=10.0)})
    usage = Usage(calls=3, prompt_tokens=500_000, completion_tokens=20_000)
    assert cost("m", usage, table) == pytest.approx(1.2)
    for name in ("openai:m", "openrouter:maker/m", "openai:m-2025-08-07", "azure:m-0125", "openrouter:maker/m-20251001"):
        assert cost(name, usage, table) == pytest.approx(1.2), name
    assert cost("ollama:m", usage, table) == 0
    assert cost("openai:other", usage, table) is None


def test_the_shipped_prices_are_dated_and_plausible() -> None:
    table = price_table()
    assert table.as_of <= datetime.datetime.now(tz=datetime.UTC).date()
    assert len(table.models) >= 5
    assert all(0 < price.input <= price.output for price in table.models.values())
    assert cost("reader", Usage(calls=1, prompt_tokens=9)) == 0
