"""A pool of connections, as small as what is asked of it: the last one back is the first one out.

Nothing is reset between two uses, because everything we set is local to a transaction. A connection that was
left in the middle of something is thrown away. (asyncpg's own pool costs as much CPU as a short transaction.)
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import asyncpg


class Pool:
    """Up to `size` connections made by `connect`, each when it is first needed."""

    def __init__(self, connect: Callable[[], Awaitable[Any]], *, size: int) -> None:
        self._connect = connect
        self._size = size
        self._free = asyncio.Semaphore(size)
        self._idle: list[Any] = []
        self._closed = False

    @asynccontextmanager
    async def acquire(self) -> AsyncIterator[Any]:
        """Lend a connection; raises what connecting raises, and InterfaceError once closed."""
        connection = await self.take()
        try:
            yield connection
        except asyncio.CancelledError:
            connection.terminate()  # a query may still be under way in it
            raise
        finally:
            self.give(connection)

    async def take(self) -> Any:
        """Take a connection, to be given back whatever happens; raises as `acquire` does."""
        await self._free.acquire()
        try:
            if self._closed:
                raise asyncpg.InterfaceError("the pool is closed")
            while self._idle:
                connection = self._idle.pop()
                if not connection.is_closed():
                    return connection
            return await self._connect()
        except BaseException:
            self._free.release()
            raise

    def give(self, connection: Any) -> None:
        """Give a connection back."""
        if not connection.is_closed():
            if connection.is_in_transaction():
                connection.terminate()
            else:
                self._idle.append(connection)
        self._free.release()

    async def fetchval(self, sql: str, *args: Any) -> Any:
        """Fetch one value with a statement of its own."""
        async with self.acquire() as connection:
            return await connection.fetchval(sql, *args)

    async def close(self) -> None:
        """Wait for what is lent, then close all."""
        self._closed = True
        for _ in range(self._size):
            await self._free.acquire()
        idle, self._idle = self._idle, []
        for connection in idle:
            await connection.close()
        for _ in range(self._size):
            self._free.release()
