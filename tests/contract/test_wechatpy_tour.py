"""The tour of the simulator's README is run as it is printed there."""

import asyncio
import re
import sys
from pathlib import Path

import wxsandbox

README = Path(wxsandbox.__file__).parent / "README.md"


async def test_the_readme_keeps_its_word() -> None:
    text = README.read_text(encoding="utf-8")
    blocks = re.findall(r"^```(\w*)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    programs = [block for language, block in blocks if language == "python"]
    promised = [block for language, block in blocks if not language]
    assert len(programs) == len(promised) == 2
    program = "".join(programs)
    async with wxsandbox.serve() as box:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", program.replace("http://localhost:8800", box.url),
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        said, failed = await asyncio.wait_for(process.communicate(), 60)
    assert said.decode() == "".join(promised), failed.decode()[-2000:]
