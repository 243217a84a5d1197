"""What sheets publish."""

from typing import ClassVar
from uuid import UUID

from tongshang.platform.facts import Fact


class SheetBrought(Fact, frozen=True):
    """A sheet of goods was brought in, to be looked through."""

    kind: ClassVar[str] = "sheet.brought"
    zh: ClassVar[str] = "上传了商品表格"
    en: ClassVar[str] = "Brought in a sheet of goods"
    sheet_id: UUID

    def subjects(self) -> tuple[UUID, ...]:
        """List the sheet."""
        return (self.sheet_id,)


class SheetConfirmed(Fact, frozen=True):
    """Somebody saw what a sheet would do, and wants it done."""

    kind: ClassVar[str] = "sheet.confirmed"
    zh: ClassVar[str] = "确认导入商品表格"
    en: ClassVar[str] = "Confirmed a sheet of goods"
    sheet_id: UUID

    def subjects(self) -> tuple[UUID, ...]:
        """List the sheet."""
        return (self.sheet_id,)
