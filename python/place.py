"""Prints the directory beneath a prefix in which this python3 looks for packages; nothing if there is none."""

import sys

print(next((path for path in sys.path if path.startswith(sys.argv[1] + "/lib/") and path.endswith("-packages")), ""))
