"""What happens to registrations."""

from typing import ClassVar
from uuid import UUID

from tongshang.platform.facts import Fact


class RegistrationAsked(Fact, frozen=True):
    """A merchant wants a mini program registered."""

    kind: ClassVar[str] = "registration.asked"
    registration_id: UUID


class RegistrationEnded(Fact, frozen=True):
    """WeChat said how a registration ended; `appid` when there is a mini program now."""

    kind: ClassVar[str] = "registration.ended"
    zh: ClassVar[str] = "小程序注册结果：{name}"
    en: ClassVar[str] = "Registration of a mini program ended: {name}"
    registration_id: UUID
    name: str
    done: bool
    appid: str | None = None
