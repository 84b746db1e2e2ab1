#!/usr/bin/env python3
"""Runs what README shows in a terminal and writes docs/pictures/*.svg: pictures.py [--build DIR] [FOLDER]

Each picture is what the programs really wrote, colours included; it is light or dark as the reader's page is. The demo's
lines appear one after the other, at once where motion is not wanted.
"""

import argparse
import html
import os
import pathlib
import pty
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
COLUMNS = 100
ROW = 18  # pixels
COLUMN = 7.83  # of a font of 13 pixels
MARGIN = 16
SECONDS_A_LINE = 0.25

STYLE = """
text { font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; fill: #1f2328; white-space: pre; }
rect { fill: #f6f8fa; }
.bold { font-weight: bold; } .dim { fill: #818b98; } .red { fill: #c5221f; } .green { fill: #1a7f37; } .cyan { fill: #0b7285; }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3; } rect { fill: #161b22; }
  .dim { fill: #7d8590; } .red { fill: #ff7b72; } .green { fill: #56d364; } .cyan { fill: #56d4dd; }
}
"""
MOTION = """
@media (prefers-reduced-motion: no-preference) {
  .line { animation: appear 0.01s both; }
  @keyframes appear { from { opacity: 0; } }
}
"""
# ECMA-48, select graphic rendition.
CLASSES = {"1": "bold", "2": "dim", "31": "red", "32": "green", "36": "cyan"}
SEQUENCE = re.compile(r"\x1b\[([0-9;]*)m")


def run_in_terminal(command: list[str], folder: pathlib.Path, build: pathlib.Path) -> str:
    """What the command writes to a terminal of COLUMNS; raises if it fails."""
    environment = dict(os.environ, BUILD=str(build), TERM="xterm", LC_ALL="C.UTF-8", COLUMNS=str(COLUMNS))
    environment["PATH"] = f"{build}:{environment['PATH']}"
    environment.pop("NO_COLOR", None)
    controller, terminal = pty.openpty()
    os.set_blocking(controller, True)
    subprocess.run(["stty", "columns", str(COLUMNS), "-opost"], stdin=terminal, check=True)
    child = subprocess.Popen(command, cwd=folder, env=environment, stdin=terminal, stdout=terminal, stderr=terminal)
    os.close(terminal)
    written = b""
    try:
        while piece := os.read(controller, 65536):
            written += piece
    except OSError:  # EIO: nobody has the terminal open any more; pty(7)
        pass
    os.close(controller)
    if child.wait() != 0:
        raise SystemExit(f"{' '.join(command)}: status {child.returncode}\n{written.decode()}")
    return written.decode()


def spans(line: str, classes: set[str]) -> str:
    """A line of text with SGR sequences as tspans; `classes` go on into the next line."""
    result = ""
    for number, piece in enumerate(SEQUENCE.split(line)):
        if number % 2 == 0:
            if piece:
                names = " ".join(sorted(classes))
                attribute = f' class="{names}"' if names else ""
                result += f"<tspan{attribute}>{html.escape(piece)}</tspan>"
            continue
        for code in piece.split(";"):
            if code in ("", "0"):
                classes.clear()
            elif code in CLASSES:
                classes.add(CLASSES[code])
    return result


def draw(text: str, moving: bool) -> str:
    lines = text.strip("\n").split("\n")
    width = MARGIN * 2 + COLUMN * max(len(SEQUENCE.sub("", line)) for line in lines)
    height = MARGIN * 2 + ROW * len(lines)
    classes: set[str] = set()
    rows = ""
    for number, line in enumerate(lines):
        delay = f' class="line" style="animation-delay:{number * SECONDS_A_LINE:.2f}s"' if moving else ""
        y = MARGIN + ROW * number + 13
        rows += f'<text x="{MARGIN}" y="{y}" xml:space="preserve"{delay}>{spans(line, classes)}</text>\n'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height}" width="{width:.0f}">\n'
        f"<style>{STYLE}{MOTION if moving else ''}</style>\n"
        f'<rect width="100%" height="100%" rx="6"/>\n{rows}</svg>\n'
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build")
    parser.add_argument("folder", type=pathlib.Path, nargs="?", default=ROOT / "docs/pictures")
    options = parser.parse_args()
    build = options.build.resolve()
    demo = run_in_terminal([str(ROOT / "scripts/demo.sh")], ROOT, build)
    (options.folder / "demo.svg").write_text(draw(demo, moving=True))
    with tempfile.TemporaryDirectory() as work:
        folder = pathlib.Path(work) / "uploads"
        folder.mkdir()
        tree = run_in_terminal(["ll-exec", "--explain", "-p", "pdftotext"], folder, build)
        place = f"{work.lstrip('/')}/uploads/"
        tree = tree.replace(place, "srv/uploads/".ljust(len(place)))
    shown = tree.split("\n\n")
    prompt = "$ ll-exec --explain -p pdftotext\n"
    (options.folder / "explain.svg").write_text(draw(prompt + "\n\n".join(shown[:3]), moving=False))


if __name__ == "__main__":
    sys.exit(main())
