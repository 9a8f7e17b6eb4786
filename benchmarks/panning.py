"""What the drawn tree costs a browser: a team of thousands is opened, then dragged and zoomed for
some seconds while Chromium traces its main thread.

    nice .venv/bin/python benchmarks/panning.py [--open 2000] [--seconds 5] [--pictures FOLDER]

Given are the milliseconds of main-thread work per frame, with the work of the script that moves the
tree among it, and how many positions were drawn in a frame. Chromium paints without a graphics
card here."""

import argparse
import json
import sys
import time
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import ready  # noqa: F401 - before what it looks for

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

import installation
from filling import fill

CATEGORIES = "devtools.timeline,disabled-by-default-devtools.timeline,toplevel,blink.user_timing"
MOST_MS, MOST_DRAWN = 8, 150
COUNT = """
const stage = document.querySelector('[data-tree]');
window.counted = [];
Object.defineProperty(stage, 'drawn', {set: value => window.counted.push(value)});
"""
MOVE = """
const [seconds, done] = arguments;
const canvas = document.querySelector('[data-tree] canvas');
const box = canvas.getBoundingClientRect();
const middle = {x: box.x + box.width / 2, y: box.y + box.height / 2};
const mouse = (type, x, y, more) => (type === 'mousemove' ? window : canvas).dispatchEvent(
    new MouseEvent(type, {clientX: x, clientY: y, view: window, bubbles: true, ...more}));
const begin = performance.now();
let isDown = false;
window.counted.length = 0;
performance.mark('moving begins');
function frame(now) {
    const gone = (now - begin) / 1000;
    if (gone > seconds) {
        performance.mark('moving ends');
        if (isDown) mouse('mouseup', middle.x, middle.y);
        done(window.counted);
        return;
    }
    const turn = Math.floor(gone * 2) % 2;
    const [x, y] = [middle.x + 260 * Math.sin(4 * gone), middle.y + 90 * Math.sin(6 * gone)];
    if (turn) {
        if (!isDown) mouse('mousedown', x, y, {button: 0});
        isDown = true;
        mouse('mousemove', x, y);
    } else {
        if (isDown) mouse('mouseup', x, y);
        isDown = false;
        canvas.dispatchEvent(new WheelEvent('wheel', {clientX: middle.x, clientY: middle.y,
            deltaY: 45 * Math.cos(2.2 * gone), bubbles: true, cancelable: true, view: window}));
    }
    requestAnimationFrame(frame);
}
requestAnimationFrame(frame);
"""


class Measured(NamedTuple):
    """Main-thread milliseconds of each frame, on a processor and by the clock, and how many
    positions each drew."""

    worked: list[float]
    passed: list[float]
    drawn: list[int]


def _told(name: str, frames: list[float]) -> str:
    ordered = sorted(frames)
    p50, p95 = (ordered[min(len(ordered) - 1, int(at * len(ordered)))] for at in (0.5, 0.95))
    return f"{name}: p50 {p50:.1f} ms, p95 {p95:.1f} ms, most {ordered[-1]:.1f} ms"


def balanced(index: int) -> tuple[int, int]:
    """Each level as full as it can be."""
    return (index - 1) // 2, 1 if index % 2 else 2


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--open", type=int, default=2000, help="how many positions are opened")
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--pictures", type=Path, help="a folder for pictures of what was measured")
    given = parser.parse_args()
    with installation.installation() as postgres:
        fill(postgres.owner_url, given.open + 50, balanced)
        with installation.web_server() as server:
            measured = measure(f"http://127.0.0.1:{server.port}", given)
    count = len(measured.worked)
    print(f"{given.open} positions open, moved for {given.seconds:g} s, {count} frames")
    print(f"main thread per frame, p95 at most {MOST_MS} ms wanted:")
    print(_told("  on a processor", measured.worked))
    print(_told("  by the clock", measured.passed))
    print(f"positions drawn per frame: at most {max(measured.drawn)}, {MOST_DRAWN} wanted")


def measure(base: str, given: argparse.Namespace) -> Measured:
    """Sign in, open the tree, move it, and read the trace."""
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys

    driver = _browser()
    try:
        driver.get(f"{base}/sign-in/?next=/tree/")
        driver.find_element(By.NAME, "name").send_keys("acme")
        driver.find_element(By.NAME, "password").send_keys(installation.PASSWORD, Keys.ENTER)
        _until(driver, "return document.querySelector('[data-tree]')?.drawn > 0")
        _open(driver, given.open)
        for name, keys in {"dots": "0", "faces": "+++++", "cards": "+++"}.items():
            _press(driver, *keys)
            if given.pictures:
                given.pictures.mkdir(parents=True, exist_ok=True)
                driver.save_screenshot(str(given.pictures / f"{name}.png"))
        _press(driver, "0")
        driver.execute_script(COUNT)
        driver.set_script_timeout(60 + given.seconds)
        trace = Trace(driver)
        drawn = driver.execute_async_script(MOVE, given.seconds)
        events = trace.end()
        return Measured(list(_frames(events, "tdur")), list(_frames(events, "dur")), drawn)
    finally:
        driver.quit()


def _browser() -> Any:
    from selenium import webdriver

    from support.browser import CHROMIUM, DRIVER

    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM or ""
    for flag in ("headless", "no-sandbox", "disable-gpu", "disable-quic", "window-size=1280,900"):
        options.add_argument(f"--{flag}")
    return webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))


def _until(driver: Any, script: str, seconds: float = 120) -> None:
    ends = time.monotonic() + seconds
    while not driver.execute_script(script):
        if time.monotonic() > ends:
            sys.exit(f"This did not come true: {script}")
        time.sleep(0.1)


def _press(driver: Any, *keys: str) -> None:
    from selenium.webdriver.common.by import By

    for key in keys:
        driver.find_element(By.CSS_SELECTOR, "[data-tree] canvas").send_keys(key)
        time.sleep(0.4)


def _open(driver: Any, most: int) -> None:
    """Open row after row, as the key * does, until so many positions are there."""
    from selenium.webdriver.common.keys import Keys

    count = "return document.querySelector('[data-tree]').open"
    while driver.execute_script(count) < most:
        _press(driver, Keys.ARROW_DOWN, "*")
        before = -1
        while before != (before := driver.execute_script(count)):
            time.sleep(2)


class Trace:
    """Chromium's trace of all threads, from now on, read over its own protocol."""

    def __init__(self, driver: Any) -> None:
        import httpx
        import websocket

        address = driver.capabilities["goog:chromeOptions"]["debuggerAddress"]
        found = httpx.get(f"http://{address}/json/version").json()["webSocketDebuggerUrl"]
        self.socket = websocket.create_connection(found, suppress_origin=True, timeout=60)
        self._send(1, "Tracing.start", {"categories": CATEGORIES})
        while json.loads(self.socket.recv()).get("id") != 1:
            pass

    def _send(self, number: int, method: str, params: dict[str, str]) -> None:
        self.socket.send(json.dumps({"id": number, "method": method, "params": params}))

    def end(self) -> list[Any]:
        """What happened since."""
        self._send(2, "Tracing.end", {})
        events: list[Any] = []
        while True:
            message = json.loads(self.socket.recv())
            if message.get("method") == "Tracing.dataCollected":
                events += message["params"]["value"]
            if message.get("method") == "Tracing.tracingComplete":
                self.socket.close()
                return events


def _frames(events: list[Any], measure: str) -> Iterable[float]:
    """The main thread's tasks between one frame and the next, in milliseconds: of its own time on a
    processor (`tdur`), or by the clock (`dur`), which also counts what else the machine does."""
    marks = {each["name"]: each for each in events if each["name"].startswith("moving ")}
    begin, end = marks["moving begins"], marks["moving ends"]
    of_page = [each for each in events if (each["pid"], each["tid"]) == (begin["pid"], begin["tid"])
               and begin["ts"] <= each.get("ts", 0) <= end["ts"]]  # fmt: skip
    starts = sorted(each["ts"] for each in of_page if each["name"] == "FireAnimationFrame")
    tasks = [each for each in of_page if each["name"] == "RunTask" and "dur" in each]
    firsts: list[float] = []
    for start in starts:
        inside = [task["ts"] for task in tasks if task["ts"] <= start <= task["ts"] + task["dur"]]
        if inside and (not firsts or inside[0] > firsts[-1]):
            firsts.append(inside[0])
    for at, until in pairwise(firsts):
        yield sum(task.get(measure, 0) for task in tasks if at <= task["ts"] < until) / 1000


if __name__ == "__main__":
    main()
