"""Group commit: what gathers while the last batch is in flight goes down as one, and everybody gets his own answer."""

import asyncio
from collections.abc import Sequence

import pytest

from tongshang.platform.batch import Batcher


async def test_questions_gather_while_one_is_in_flight() -> None:
    batches: list[list[int]] = []

    async def run(key: str, questions: Sequence[int]) -> list[int | Exception]:
        batches.append(list(questions))
        await asyncio.sleep(0.01)
        return [question * 10 for question in questions]

    batcher = Batcher[int, int](run, most=50)
    answers = await asyncio.gather(*(batcher.ask("a", n) for n in range(100)))
    assert answers == [n * 10 for n in range(100)]
    assert [len(batch) for batch in batches] == [50, 50]


async def test_each_is_refused_alone_and_a_broken_batch_tells_everybody() -> None:
    async def run(key: str, questions: Sequence[int]) -> list[int | Exception]:
        if key == "broken":
            raise ConnectionError("the server is away")
        return [ValueError(str(question)) if question % 2 else question for question in questions]

    batcher = Batcher[int, int](run)
    answers = await asyncio.gather(*(batcher.ask("fine", n) for n in range(4)), return_exceptions=True)
    assert [type(answer).__name__ for answer in answers] == ["int", "ValueError", "int", "ValueError"]
    broken = await asyncio.gather(*(batcher.ask("broken", n) for n in range(3)), return_exceptions=True)
    assert all(isinstance(answer, ConnectionError) for answer in broken)
    assert await batcher.ask("fine", 2) == 2


async def test_who_goes_away_takes_nobody_with_him() -> None:
    started = asyncio.Event()

    async def run(key: str, questions: Sequence[int]) -> list[int | Exception]:
        started.set()
        await asyncio.sleep(0.02)
        return list(questions)

    batcher = Batcher[int, int](run)
    gone = asyncio.create_task(batcher.ask("a", 1))
    await started.wait()
    stays = asyncio.create_task(batcher.ask("a", 2))
    gone.cancel()
    with pytest.raises(asyncio.CancelledError):
        await gone
    assert await stays == 2
