"""Another launcher: it starts the server of a folder, says that it is ready, and waits."""

import sys
import time
from pathlib import Path

from upline.launch.postgres import PrivatePostgres

if __name__ == "__main__":
    with PrivatePostgres(Path(sys.argv[1]), durable=False):
        print("ready", flush=True)
        time.sleep(60)
