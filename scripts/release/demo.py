"""Records a session of the command on a terminal and writes it as an animated SVG: demo.py LOCKSTORM OUT.

What is shown is what a shell on a pseudo-terminal printed, with the delays it had; only the typing and the pauses for reading are the script's. The
screens are those of a terminal emulator (python3-pyte); a line that several screens have is in the file once."""
import html
import os
import pathlib
import pty
import select
import struct
import sys
import termios
import time
from fcntl import ioctl

import pyte

COLUMNS, ROWS = 100, 42
PROMPT = "$ "
SESSION = [  # what is typed, and for how many seconds its answer is read
    ("lockstorm audit examples/s3-dynamodb", 12),
    ("lockstorm audit examples/s3-dynamodb --explain LS-S3-402", 16),
    ("lockstorm compare examples/s3-dynamodb examples/s3-lockfile | head -36", 13),
]
COLOURS = {"default": "#d6dae0", "red": "#ff7b72", "green": "#7ee787", "brown": "#f2cc60", "yellow": "#f2cc60", "blue": "#79c0ff", "magenta": "#d2a8ff",
           "cyan": "#76e3ea", "white": "#ffffff", "black": "#6e7681"}
BOLD = ' font-weight="bold"'
ADVANCE, HEIGHT = 7.2, 16  # of a letter, in pixels


class Terminal:
    """A shell on a terminal, and the screens that it showed, each with its time in seconds."""

    def __init__(self, lockstorm):
        self.screen = pyte.Screen(COLUMNS, ROWS)
        self.stream = pyte.ByteStream(self.screen)
        self.frames, self.now = [], 0.0
        pid, self.fd = pty.fork()
        if pid == 0:
            os.environ.update(PS1=PROMPT, TERM="xterm-256color", PATH=f"{lockstorm.parent}:{os.environ['PATH']}", LC_ALL="C.UTF-8")
            os.environ.pop("NO_COLOR", None)
            os.execvp("bash", ["bash", "--norc", "--noprofile", "--noediting"])
        ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))

    def keep(self):
        lines = [self.line(row) for row in range(ROWS)]
        if not self.frames or self.frames[-1][1] != lines:
            self.frames.append((round(self.now, 2), lines))

    def line(self, row):
        """Runs of equal looks: (column, colour, bold, text)."""
        runs, cells = [], self.screen.buffer[row]
        for column in range(COLUMNS):
            cell = cells[column]
            look = (COLOURS.get(cell.fg, COLOURS["default"]), cell.bold)
            if runs and runs[-1][1:3] == look:
                runs[-1] = (*runs[-1][:3], runs[-1][3] + cell.data)
            else:
                runs.append((column, *look, cell.data))
        return tuple((column, colour, bold, text.rstrip()) for column, colour, bold, text in runs if text.strip())

    def read_until_prompt(self):
        began, at = time.monotonic(), self.now
        while True:
            ready, _, _ = select.select([self.fd], [], [], 0.15)
            self.now = at + time.monotonic() - began
            if ready:
                self.stream.feed(os.read(self.fd, 65536))
                if self.now - (self.frames[-1][0] if self.frames else 0) > 0.2:
                    self.keep()
            elif self.screen.display[self.screen.cursor.y].rstrip() == PROMPT.rstrip():
                self.keep()
                return
            if self.now - at > 120:
                sys.exit("demo: the command does not end")

    def type(self, text):
        for begin in range(0, len(text), 4):
            os.write(self.fd, text[begin:begin + 4].encode())
            select.select([self.fd], [], [], 1)
            self.stream.feed(os.read(self.fd, 65536))
            self.now += 0.16
            self.keep()
        os.write(self.fd, b"\n")


def record(lockstorm):
    terminal = Terminal(lockstorm)
    terminal.read_until_prompt()
    for words, seconds in SESSION:
        os.write(terminal.fd, b"clear\n")
        time.sleep(0.3)
        terminal.stream.feed(os.read(terminal.fd, 65536))
        terminal.screen.reset()
        terminal.stream.feed(PROMPT.encode())
        terminal.keep()
        terminal.now += 0.5
        terminal.type(words)
        terminal.read_until_prompt()
        terminal.now += seconds
    os.close(terminal.fd)
    return terminal.frames[1:], terminal.now


def svg(frames, length):
    begin = frames[0][0]
    length -= begin
    lines, screens = {}, []
    for at, screen in frames:
        used = []
        for row, line in enumerate(screen):
            if line:
                name = lines.setdefault(line, f"l{len(lines)}")
                used.append(f'<use href="#{name}" y="{(row + 1) * HEIGHT}"/>')
        screens.append((at - begin, "".join(used)))
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {COLUMNS * ADVANCE + 24:.0f} {ROWS * HEIGHT + 24}" role="img" '
           'aria-label="lockstorm audits a configuration, explains a finding, and compares it with a better one">',
           f"<style>text{{font:12px ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,monospace;white-space:pre}}.s{{visibility:hidden}}"]
    ends = [at for at, _ in screens[1:]] + [length]
    for number, ((at, _), end) in enumerate(zip(screens, ends)):
        first, last = 100 * at / length, 100 * end / length
        before = "" if first == 0 else "0%{visibility:hidden}"
        out.append(f"@keyframes k{number}{{{before}{first:.3f}%{{visibility:visible}}{last:.3f}%{{visibility:hidden}}100%{{visibility:hidden}}}}"
                   f"#s{number}{{animation:k{number} {length:.1f}s step-end infinite}}")
    # Who wants no motion sees the first answer.
    still = max(range(len(screens)), key=lambda number: ends[number] - screens[number][0] if number < len(screens) // 2 else 0)
    out.append(f"@media(prefers-reduced-motion:reduce){{.s{{animation:none!important}}#s{still}{{visibility:visible}}}}</style><defs>")
    for line, name in lines.items():
        spans = "".join(f'<tspan x="{column * ADVANCE:.1f}" fill="{colour}"{BOLD if bold else ""} textLength="{len(text) * ADVANCE:.1f}" '
                        f'lengthAdjust="spacingAndGlyphs">{html.escape(text)}</tspan>' for column, colour, bold, text in line)
        out.append(f'<text id="{name}">{spans}</text>')
    out.append('</defs><rect width="100%" height="100%" rx="8" fill="#161b22"/><g transform="translate(12 8)">')
    out += [f'<g class="s" id="s{number}">{used}</g>' for number, (_, used) in enumerate(screens)]
    return "\n".join(out) + "</g></svg>\n"


recorded, seconds_long = record(pathlib.Path(sys.argv[1]).resolve())
drawn = svg(recorded, seconds_long)
pathlib.Path(sys.argv[2]).write_text(drawn, encoding="utf-8")
print(f"demo: {seconds_long - recorded[0][0]:.0f} s, {len(recorded)} screens, {len(drawn) // 1000} kB")
