"""Merchants, staff and their roles."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

SESSION_LIFE = timedelta(days=7)
INVITE_LIFE = timedelta(days=7)


class Role(StrEnum):
    """What a member of staff may do; each rank may do all that is below it. The provider stands apart."""

    PROVIDER = "provider"
    OWNER = "owner"
    MANAGER = "manager"
    CLERK = "clerk"
    ASSISTANT = "assistant"


RANK = {Role.ASSISTANT: 1, Role.CLERK: 2, Role.MANAGER: 3, Role.OWNER: 4, Role.PROVIDER: 0}


class MerchantState(StrEnum):
    """Whether a merchant's shop is open for business."""

    ACTIVE = "active"
    SUSPENDED = "suspended"


class StaffState(StrEnum):
    """Invited (no password yet), active, or removed."""

    INVITED = "invited"
    ACTIVE = "active"
    REMOVED = "removed"


@dataclass(frozen=True)
class Merchant:
    """A tenant: its name and the slug of its shop's address."""

    merchant_id: UUID
    name: str
    slug: str
    state: MerchantState
    created_at: datetime


@dataclass(frozen=True)
class StaffMember:
    """Somebody who works for a merchant."""

    id: UUID
    login: str
    name: str
    role: Role
    state: StaffState
    password_hash: str | None
    totp_sealed: bytes | None
    created_at: datetime
