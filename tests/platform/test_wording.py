"""Every field that is refused has a name, and what it must be is said in words, in both languages."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tongshang.platform import wording
from tongshang.platform.errors import Invalid

SOURCE = Path(wording.__file__).resolve().parent.parent


def refusals() -> Iterator[tuple[str, str, str]]:
    """Give every Invalid in the source: where, the field, and the problem, unless its words stand beside it."""
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Invalid":
                said = {one.arg: one.value for one in node.keywords}
                where = f"{path.relative_to(SOURCE)}:{node.lineno}"
                for field in written(said.get("field")):
                    for problem in [""] if "zh" in said else written(said.get("problem")):
                        yield where, field, problem


def written(node: ast.expr | None) -> list[str]:
    """Give what an expression may say; a number stands for what is put in. What is not written here is any field."""
    match node:
        case ast.Constant(str(words)):
            return [words]
        case ast.JoinedStr(parts):
            return ["".join(str(one.value) if isinstance(one, ast.Constant) else "7" for one in parts)]
        case ast.IfExp(_, one, other):
            return [*written(one), *written(other)]
    return [""]


def test_every_refusal_in_the_source_is_said_in_words() -> None:
    dumb = [
        f"{where} {field}: {problem}"
        for where, field, problem in refusals()
        if (field and wording.named(field)[0] == field) or wording.understood(problem, "", field) is None
    ]
    assert dumb == []
    assert sum(1 for _ in refusals()) > 250


@pytest.mark.parametrize(
    ("field", "problem", "zh", "en"),
    [
        ("name", "1-30", "“名称”应为 1 到 30 个字。", "Name: 1 to 30 characters."),
        ("variants.price_fen", "1-100000000", "“价格”应为 0.01 到 1000000 元。", "Price: 0.01 to 1000000 yuan."),
        ("blocks.3.text", "0-2000", "“文字”最多 2000 个字。", "Text: 2000 characters at most."),
        ("lines.quantity", "≥ 1", "“商品数量”至少 1 件。", "Pieces: at least 1 piece."),
        ("tags", "≤ 10, each 1-20, distinct", "“标签”最多 10 项，每项应为 1 到 20 个字，不能重复。", ""),
        ("form.0.options", "each 1-30, distinct", "“填写项选项”每项应为 1 到 30 个字，不能重复。", ""),
        ("ends_at", "> starts_at", "“结束时间”须晚于“开始时间”。", "Ends at: after Starts at."),
        ("steps.minus_fen", "< min_fen", "“优惠金额”须低于“满减门槛”。", "Reduction: less than Threshold."),
        ("number", "A-Z 0-9 -, 4-40", "“号码”只能用大写字母、数字、-，应为 4 到 40 位。", ""),
        ("zones.regions", "杭州市 ×2", "“配送区域的地区”“杭州市”重复了。", ""),
        ("terms.until_day", "≤ 2100-12-31", "“截止日”不能晚于 2100-12-31。", "Until: not after 2100-12-31."),
        ("audience", "≥ 1", "“适用人群”至少 1 项。", "Audience: at least 1 entry."),
        ("terms.presale.deposit_fen", "< 9900", "“定金”须低于 99 元。", "Deposit: less than 99 yuan."),
        ("state", "sold", "“状态”不支持“sold”。", "State: sold is not known."),
        ("variants[0]", "Object missing required field `id`", "“规格组合”缺少 id。", "Variants: id is missing."),
        ("kind", "Invalid enum value 'x'", "“类型”不支持“x”。", "Kind: x is not known."),
        (
            "nobody_named_it",
            "Expected `int`, got `str`",
            "“nobody_named_it”类型不对（Expected `int`, got `str`）。",
            "",
        ),
        ("remark", "as long as this is" * 20, f"“留言”有误（{('as long as this is' * 20)[:100]}）。", ""),
    ],
)
def test_a_refusal_reads_like_a_sentence(field: str, problem: str, zh: str, en: str) -> None:
    refused = Invalid(field=field, problem=problem)
    assert refused.sentence("zh") == zh
    assert not en or refused.sentence("en") == en
