"""What staff ask for in conversations."""

from typing import ClassVar
from uuid import UUID

from tongshang.fans.facts import FanFact


class ServiceMessageAsked(FanFact, frozen=True):
    """A member of staff wrote to a person."""

    kind: ClassVar[str] = "conversation.message_asked"
    message_id: UUID


class FileSaid(FanFact, frozen=True):
    """A person sent a picture, a voice, a video; WeChat keeps it for three days."""

    kind: ClassVar[str] = "conversation.file_said"
    said_id: UUID
    media_id: str
