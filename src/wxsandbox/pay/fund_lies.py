"""How a fund-flow bill may lie on request: a movement dropped, invented, doubled or of another amount."""

import dataclasses

from wxsandbox.faults import Fault
from wxsandbox.pay.bills import FundLine


def told(lines: list[FundLine], rule: Fault) -> list[FundLine]:
    """Tell a day's movements as a rule wants them; the balances stay as they were, which gives most lies away."""
    number, fen = str(rule.data.get("number", "")), int(rule.data.get("fen", 1))
    if rule.effect == "bill_add":
        return [*lines, *([_invented(lines[-1], number, fen, str(rule.data.get("kind", "交易")))] if lines else [])]
    made: list[FundLine] = []
    struck = False
    for line in lines:
        if struck or (number and number not in (line.business_id, line.flow_id, line.voucher)):
            made.append(line)
            continue
        struck = True
        if rule.effect == "bill_double":
            made += [line, dataclasses.replace(line, flow_id=f"{line.flow_id}9")]
        elif rule.effect == "bill_reprice":
            made.append(dataclasses.replace(line, amount_fen=fen))
    return made


def _invented(last: FundLine, number: str, fen: int, kind: str) -> FundLine:
    return dataclasses.replace(
        last, business_id=number or "STRANGER", flow_id=f"{last.flow_id}8", name=kind, kind=kind, amount_fen=fen,
        balance_fen=last.balance_fen + fen, voucher=number,
    )  # fmt: skip
