"""Budgets are checked before they are overdrawn, and every question leaves its event."""

from __future__ import annotations

import pytest
from toy import finish

from gitm.answers import WaysAnswer
from gitm.errors import BudgetSpent, LLMError
from gitm.events import Asked
from gitm.limits import ATTEMPTS, Asker, Limits, Meter
from gitm.llm.scripted import Scripted
from gitm.types import Message, Reply, Usage

QUESTION = [Message(role="user", content="?")]
ANSWER = {"ways": []}


class Costly(Scripted):
    """Every answer costs 100 tokens."""

    def complete(self, messages, schema):
        reply = super().complete(messages, schema)
        return Reply(value=reply.value, usage=Usage(calls=1, prompt_tokens=70, completion_tokens=30))


def ask(asker: Asker):
    return finish(asker.ask("decomposer", "stick", QUESTION, WaysAnswer))


def test_an_answer_comes_with_its_event_and_is_counted():
    asker = Asker(Costly([ANSWER]))
    events, answer = ask(asker)
    assert answer == WaysAnswer(ways=[])
    assert events == [Asked(role="decomposer", about="stick", llm="scripted", usage=Usage(calls=1, prompt_tokens=70, completion_tokens=30))]
    assert asker.meter.usage.tokens == 100


def test_calls_are_checked_before_a_call():
    llm = Scripted([ANSWER] * 5)
    asker = Asker(llm, Meter(Limits(max_calls=2)))
    ask(asker)
    ask(asker)
    with pytest.raises(BudgetSpent, match=r"2 LLM calls is spent; raise it with --max-calls"):
        ask(asker)
    assert llm.calls == 2


def test_tokens_are_checked_before_a_call():
    llm = Costly([ANSWER] * 5)
    asker = Asker(llm, Meter(Limits(max_tokens=150)))
    ask(asker)
    ask(asker)  # 100 of 150 are spent: the last call may overdraw, the next is not made
    with pytest.raises(BudgetSpent, match="150 tokens is spent; raise it with --max-tokens"):
        ask(asker)
    assert llm.calls == 2


def test_no_call_at_all_is_a_budget_too():
    llm = Scripted([ANSWER])
    with pytest.raises(BudgetSpent):
        ask(Asker(llm, Meter(Limits(max_calls=0))))
    assert llm.calls == 0


def test_seconds_are_checked_before_a_call(monkeypatch):
    clock = iter([0.0, 5.0, 11.0])
    monkeypatch.setattr("gitm.limits.time.monotonic", lambda: next(clock))
    llm = Scripted([ANSWER] * 3)
    asker = Asker(llm, Meter(Limits(max_seconds=10), started=next(clock)))
    ask(asker)
    with pytest.raises(BudgetSpent, match="10 seconds is spent; raise it with --max-seconds"):
        ask(asker)
    assert llm.calls == 1


@pytest.mark.parametrize(("ticks", "spent"), [(0, False), (99, False), (100, True), (5000, True)])
def test_ticks(ticks, spent):
    meter = Meter(Limits(max_ticks=100))
    if spent:
        with pytest.raises(BudgetSpent, match="100 ticks is spent; raise it with --max-ticks"):
            meter.check_time(ticks)
    else:
        assert meter.check_time(ticks) is None


def test_without_limits_nothing_is_spent():
    meter = Meter(usage=Usage(calls=10**6, prompt_tokens=10**9))
    assert meter.check_time(10**9) is None
    assert meter.check_call() is None


def test_a_failing_llm_is_asked_again_and_every_attempt_is_counted():
    asker = Asker(Scripted([LLMError("down", Usage(calls=1, prompt_tokens=3)), LLMError("down"), ANSWER]))
    events, answer = ask(asker)
    assert answer.ways == []
    assert [event.error for event in events] == ["down", "down", None]
    assert asker.meter.usage == Usage(calls=3, prompt_tokens=3)


def test_an_llm_that_fails_for_ever_raises_its_own_words():
    llm = Scripted(lambda *_: LLMError("the server is down"))
    with pytest.raises(LLMError, match="the server is down"):
        ask(Asker(llm))
    assert llm.calls == ATTEMPTS


def test_the_budget_ends_the_attempts():
    llm = Scripted(lambda *_: LLMError("the server is down"))
    with pytest.raises(BudgetSpent):
        ask(Asker(llm, Meter(Limits(max_calls=2))))
    assert llm.calls == 2
