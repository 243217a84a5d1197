"""What law says of value paid ahead, as dated data: what held when, and where it is written.

Not legal advice. Editing a rule is adding an entry; what happened under the old one stays explained.
"""

from datetime import UTC, datetime, timedelta

import msgspec

from tongshang.platform.money import Fen


class Rules(msgspec.Struct, frozen=True):
    """What holds from a day on: how much an account may hold, and what its owner may have back."""

    since: datetime
    bearer_most_fen: Fen
    """An account whose owner has not said who he is."""
    named_most_fen: Fen
    real_name_from_fen: Fen
    """From so much at once, who pays must show a document: more than any account here may hold."""
    return_within: timedelta
    """Principal goes back without a reason; None before there was such a right."""
    sources: tuple[str, ...]


MOFCOM = "单用途商业预付卡管理办法（试行）商务部令 2012 年第 9 号，2016 年第 2 号修正：第 14、15、18、19 条"
SPC = "最高人民法院关于审理预付式消费民事纠纷案件适用法律若干问题的解释 法释〔2025〕4 号，2025-05-01 施行：第 14 条"
HISTORY = (
    Rules(
        since=datetime(2012, 11, 1, tzinfo=UTC),
        bearer_most_fen=100_000,
        named_most_fen=500_000,
        real_name_from_fen=1_000_000,
        return_within=timedelta(0),
        sources=(MOFCOM,),
    ),
    Rules(
        since=datetime(2025, 4, 30, 16, tzinfo=UTC),  # the first of May in Shanghai
        bearer_most_fen=100_000,
        named_most_fen=500_000,
        real_name_from_fen=1_000_000,
        return_within=timedelta(days=7),
        sources=(MOFCOM, SPC),
    ),
)
FILING = (
    "单用途卡发卡企业应在开展业务之日起 30 日内向商务主管部门备案（管理办法第 7 条）；"
    "是否适用以企业规模与当地规定为准。",
    "Who issues single-purpose prepaid value files with the commerce authority within 30 days of beginning (article 7 "
    "of the measures); whether it applies hangs on the size of the business and on local rules.",
)


def at(moment: datetime, history: tuple[Rules, ...] = HISTORY) -> Rules:
    """Give the rules in force at a moment."""
    return max((rules for rules in history if rules.since <= moment), key=lambda rules: rules.since)
