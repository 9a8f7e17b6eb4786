"""`python -m django …` that ends without a traceback when Ctrl-C is pressed."""

from __future__ import annotations

import runpy
import sys

if __name__ == "__main__":
    try:
        runpy.run_module("django", run_name="__main__", alter_sys=True)
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        sys.exit(130)
