"""Plans: by which template an occasion is told, and what its fields say."""

from collections.abc import Sequence
from uuid import UUID

from tongshang.messages.notices import templates
from tongshang.messages.notices.model import OWN_WORDS, SAID, Channel, Occasion, Plan
from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid

MERCHANTS = "select array(select distinct merchant_id from notice_plan where enabled and occasion = any($1))"
ID_MOST = 64
FIELDS = "occasion, channel, template_id, fields, enabled, updated_at"
ALL = f"select {FIELDS} from notice_plan where merchant_id = $1 order by occasion, channel"
OF = f"select {FIELDS} from notice_plan where merchant_id = $1 and occasion = $2"
PUT = f"""insert into notice_plan (merchant_id, {FIELDS}) values ($1, $2, $3, $4, $5, $6, $7)
on conflict (merchant_id, occasion, channel) do update set template_id = $4, fields = $5, enabled = $6,
  updated_at = $7"""


async def listed(tx: Tx) -> list[Plan]:
    """List all plans."""
    return await tx.all(Plan, ALL, tx.merchant)


async def of(tx: Tx, *, occasion: Occasion) -> list[Plan]:
    """List the plans of an occasion, in the order in which ways are tried."""
    found = {plan.channel: plan for plan in await tx.all(Plan, OF, tx.merchant, occasion)}
    return [found[channel] for channel in Channel if channel in found]


async def put(
    tx: Tx, *, occasion: Occasion, channel: Channel, template_id: str, fields: dict[str, str], enabled: bool
) -> Plan:
    """Write a plan; every field of its template has to say something."""
    if channel is Channel.CUSTOM:
        template_id, fields = "", {}
    elif channel is Channel.ONCE:  # its template stands in WeChat's back office alone
        template_id, fields = template_id.strip(), {}
        if not 1 <= len(template_id) <= ID_MOST:
            raise Invalid(field="template_id", problem=f"1-{ID_MOST}")
    else:
        template = await templates.get(tx, template_id=template_id)
        if template.channel is not channel:
            raise Invalid(field="template_id", problem="another kind of template", zh="这是另一类模板")
        names = {name for name, *_ in SAID[occasion]}
        fields = {field: fields.get(field, "").strip() for field in template.fields}
        for field, source in fields.items():
            own = source.startswith(OWN_WORDS) and 1 < len(source) <= 60
            if not own and source not in names:
                raise Invalid(field=field, problem="says nothing", zh="没有选择内容")
    plan = Plan(occasion, channel, template_id, fields, enabled, tx.now)
    await tx.run(PUT, tx.merchant, occasion, channel, template_id, fields, enabled, tx.now)
    return plan


async def merchants(tx: Tx, *, occasions: Sequence[Occasion]) -> list[UUID]:
    """List the merchants who have one of the occasions told; for a transaction of the whole install."""
    found: list[UUID] = await tx.value(MERCHANTS, list(occasions))
    return found
