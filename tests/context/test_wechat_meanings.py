"""Every event of the contract has a fact of its own, and what has none is kept by name."""

import re
from pathlib import Path
from uuid import UUID

import msgspec
import pytest

from tongshang.platform.facts import Registry
from tongshang.wechat import facts, pushed
from tongshang.wechat.inbox.meaning import fact_of
from weixin import messages
from weixin.safexml import Fields

WORDS = Path(__file__).resolve().parents[2] / "web/console/src/pages/wechat/words.ts"
PUSH = UUID(int=7)
HEAD: Fields = {"ToUserName": "gh_1", "FromUserName": "o1", "CreateTime": "1790000000"}
NEEDED = {"MsgId": "1", "MsgID": "1", "MediaId": "m", "Location_X": "1", "Location_Y": "2", "Latitude": "1"}
NEEDED |= {"Longitude": "2"}


def meant(fields: Fields) -> object:
    whole = HEAD | NEEDED | {"PublishEventInfo": {"publish_id": "2247503051", "publish_status": "0"}} | fields
    fact = fact_of("wx01", PUSH, messages.read(whole), whole)
    assert fact is not None
    # Facts are kept as JSON and come back as they were.
    assert msgspec.json.decode(msgspec.json.encode(fact), type=type(fact)) == fact
    assert Registry([]).kinds[fact.kind] is type(fact)
    return fact


@pytest.mark.parametrize("event", sorted(messages.EVENTS))
def test_every_event_is_a_typed_fact(event: str) -> None:
    fact = meant({"MsgType": "event", "Event": event})
    assert not isinstance(fact, facts.OtherPushed | facts.Said)


@pytest.mark.parametrize("kind", sorted(messages.MESSAGES))
def test_every_message_is_a_typed_fact(kind: str) -> None:
    fact = meant({"MsgType": kind})
    assert isinstance(fact, pushed.DeviceSpoke if kind.startswith("device_") else facts.Said)


def test_what_has_no_type_is_kept_by_name() -> None:
    assert meant({"MsgType": "event", "Event": "of_tomorrow"}).name == "of_tomorrow"  # type: ignore[attr-defined]
    said = meant({"MsgType": "hologram"})
    assert isinstance(said, facts.Said)
    assert (said.msg_type, said.media_id, said.push) == ("hologram", "m", PUSH)


def test_nothing_that_is_told_of_a_card_is_left_out() -> None:
    told = {"CardId": "c", "UserCardCode": "12", "TransId": "t", "Fee": 10000}
    fact = meant({"MsgType": "event", "Event": "user_pay_from_pay_cell", **told})
    assert isinstance(fact, pushed.CardChanged)
    assert (fact.about, fact.code) == ("c", "12")
    assert fact.more.items() >= {"TransId": "t", "Fee": "10000"}.items()


def test_the_journal_has_words_for_all_that_is_told() -> None:
    named = set(re.findall(r"(\w+): \['", WORDS.read_text().partition("export const TOLD")[2]))
    assert {*messages.EVENTS, *messages.MESSAGES} - named == set()
