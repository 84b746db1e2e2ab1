"""Scripts that strangers upload, each in a sandbox of its own: upload_service.py FOLDER

Every file of FOLDER is run by sh, all at once, and reads its own file alone. Prints a line for each.
"""

import asyncio
import pathlib
import subprocess
import sys

from llexec import Policy, Sandbox

SYSTEM = {"rx": ["/usr", "-/bin", "-/lib", "-/lib64"], "ro": ["-/etc/ld.so.cache"], "env": "PATH", "limit": ["fsize=1M", "core=0"]}
SECONDS = 5.0


async def run(upload: pathlib.Path) -> str:
    policy = Policy("base", **{**SYSTEM, "ro": [upload, *SYSTEM["ro"]]})
    try:
        result = await Sandbox(policy, timeout=SECONDS, quiet=True).run_async(["sh", str(upload)], capture_output=True)
    except subprocess.TimeoutExpired:
        return f"{upload.name}: took too long"
    answer = result.stdout[:100].decode(errors="replace").strip()
    return f"{upload.name}: {result.returncode} {answer}"


async def main() -> None:
    uploads = sorted(pathlib.Path(sys.argv[1]).resolve().iterdir())
    for line in await asyncio.gather(*map(run, uploads)):
        print(line)


asyncio.run(main())
