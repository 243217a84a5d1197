"""Windows for customer-service messages: which act allows how many, for how long, and which is used up first."""

from datetime import UTC, datetime, timedelta

from tongshang.messages.conversations.windows import CLOSED, USED_UP, look

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)


def after(**delta: float) -> datetime:
    return NOON + timedelta(**delta)


def test_nothing_may_be_sent_to_somebody_who_never_came() -> None:
    assert look({}, [], NOON).refusal == CLOSED


def test_a_message_allows_five_for_two_days() -> None:
    said = {"message": NOON}
    assert (look(said, [], NOON).left, look(said, [], NOON).until) == (5, after(hours=48))
    assert look(said, [after(minutes=n) for n in range(4)], after(hours=1)).left == 1
    assert look(said, [after(minutes=n) for n in range(5)], after(hours=1)).refusal == USED_UP
    assert look(said, [], after(hours=47, minutes=59)).refusal == 0
    assert look(said, [], after(hours=48)).refusal == CLOSED


def test_another_message_opens_the_window_anew() -> None:
    before = [after(minutes=n) for n in range(5)]
    assert look({"message": after(hours=1)}, before, after(hours=2)).left == 5


def test_the_window_that_ends_first_is_used_first() -> None:
    contacts = {"message": NOON, "follow": NOON}
    now = look(contacts, [after(seconds=1), after(seconds=2)], after(seconds=3))
    assert {one.kind: one.left for one in now.open} == {"message": 5, "follow": 1}
    assert look(contacts, [after(seconds=n) for n in range(4)], after(minutes=2)).left == 4


def test_who_paid_may_be_written_to_without_counting() -> None:
    found = look({"message": NOON, "pay": NOON}, [after(seconds=n) for n in range(20)], after(hours=1))
    assert (found.left, found.refusal) == (None, 0)
