"""asyncio, 100 commands at once. Prints how many said their number, and how many could read the secret: many.py SECRET"""

import asyncio
import sys

from llexec import Policy, Sandbox

SYSTEM = {"rx": ["/usr", "-/bin", "-/lib", "-/lib64"], "ro": ["-/etc/ld.so.cache"]}
COUNT = 100


async def main() -> None:
    box = Sandbox(Policy("base", **SYSTEM), quiet=True, timeout=60)
    script = 'echo "$1"; cat "$2"'
    runs = [box.run_async(["sh", "-c", script, "sh", str(number), sys.argv[1]], capture_output=True) for number in range(COUNT)]
    results = await asyncio.gather(*runs)
    print(sum(result.stdout == b"%d\n" % number for number, result in enumerate(results)), "of", COUNT)
    print(sum(result.returncode == 0 for result in results), "read it")


asyncio.run(main())
