"""Tags, remarks and the blacklist over HTTP."""

from typing import Literal
from uuid import UUID

import msgspec
from litestar import delete, get, put

from tongshang.fans.tags import catalogue, tasks
from tongshang.fans.tags.model import Kind, Tag, Task
from tongshang.fans.tags.tasks import Item
from tongshang.tenancy.access import Staff
from tongshang.tenancy.model import Role

MANAGER, CLERK = {"role": Role.MANAGER}, {"role": Role.CLERK}


class TagAsked(msgspec.Struct, forbid_unknown_fields=True):
    """A tag by the name it shall have."""

    name: str


class Everybody(msgspec.Struct, forbid_unknown_fields=True):
    """All followers who match."""

    q: str = ""
    tag: UUID | None = None


class TaskBody(msgspec.Struct, forbid_unknown_fields=True):
    """A change to chosen people, or to all who match."""

    kind: Literal["tag", "untag", "block", "unblock", "remark"]
    tag_id: UUID | None = None
    note: str = ""
    fan_ids: list[UUID] = []
    everybody: Everybody | None = None


class TagsView(msgspec.Struct):
    """The account's tags, and the tasks that are under way."""

    items: list[Tag]
    running: list[Task]


class TaskView(msgspec.Struct):
    """A task, and whom it failed for."""

    task: Task
    failures: list[Item]


@get("/tags", operation_id="list_tags", opt=CLERK)
async def list_tags(who: Staff) -> TagsView:
    """List the tags, and what is being done to people."""
    async with who.tx() as tx:
        return TagsView(await catalogue.listed(tx), await tasks.running(tx))


@put("/tags/{tag_id:uuid}", operation_id="put_tag", opt=MANAGER)
async def put_tag(who: Staff, tag_id: UUID, data: TagAsked) -> Tag:
    """Make a tag, or rename it."""
    async with who.tx() as tx:
        return await catalogue.put(tx, tag_id=tag_id, name=data.name)


@delete("/tags/{tag_id:uuid}", operation_id="drop_tag", opt=MANAGER)
async def drop_tag(who: Staff, tag_id: UUID) -> None:
    """Drop a tag."""
    async with who.tx() as tx:
        await catalogue.drop(tx, tag_id=tag_id)


@put("/fan-tasks/{task_id:uuid}", operation_id="put_fan_task", opt=MANAGER)
async def put_fan_task(who: Staff, task_id: UUID, data: TaskBody) -> Task:
    """Tag or untag people, block or free them, or note a remark; carried to WeChat in the background."""
    everybody = (data.everybody.q, data.everybody.tag) if data.everybody else None
    async with who.tx() as tx:
        return await tasks.begin(
            tx,
            task_id=task_id,
            kind=Kind(data.kind),
            tag_id=data.tag_id,
            note=data.note.strip(),
            fan_ids=list(dict.fromkeys(data.fan_ids)),
            everybody=everybody,
        )


@get("/fan-tasks/{task_id:uuid}", operation_id="get_fan_task", opt=CLERK)
async def get_fan_task(who: Staff, task_id: UUID) -> TaskView:
    """Show how far a task is."""
    async with who.tx() as tx:
        return TaskView(await tasks.get(tx, task_id=task_id), await tasks.failures(tx, task_id=task_id))


console = [list_tags, put_tag, drop_tag, put_fan_task, get_fan_task]
