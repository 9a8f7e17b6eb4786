"""What is being done at the moment, on a terminal or in a log."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TextIO

CLEAR = "\r\033[K"


@dataclass(slots=True)
class Progress:
    """Overwrites one line of a terminal; elsewhere each note is a line of its own."""

    to: TextIO
    begun: float = field(default_factory=time.perf_counter)

    def note(self, what: str) -> None:
        """Say what is being done now."""
        if self.to.isatty():
            self.to.write(f"{CLEAR}{what} ({self.seconds():.0f} s)")
        else:
            self.to.write(f"{what}\n")
        self.to.flush()

    def say(self, sentence: str) -> None:
        """Say what came of it, in the place of the last note."""
        self.to.write(f"{CLEAR if self.to.isatty() else ''}{sentence}\n")
        self.to.flush()

    def seconds(self) -> float:
        """Since the beginning."""
        return time.perf_counter() - self.begun
