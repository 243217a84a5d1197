"""What moving publishes."""

from typing import ClassVar
from uuid import UUID

from tongshang.platform.facts import Fact


class ExportAsked(Fact, frozen=True):
    """Somebody wants the merchant written out whole."""

    kind: ClassVar[str] = "merchant.export_asked"
    zh: ClassVar[str] = "申请导出全部数据"
    en: ClassVar[str] = "An export of everything was asked for"
    export_id: UUID
