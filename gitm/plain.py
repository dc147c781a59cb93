"""Text from guides, worlds and models, made safe to print: it may be read, but not command a terminal."""

from __future__ import annotations

import re

#: Control characters (ANSI escapes begin with one), line separators, and what turns the direction of writing. Newline and tab may stay.
_COMMANDS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def plain(text: str) -> str:
    r"""The text with everything that commands a terminal written out: ``\x1b`` as four characters."""
    return _COMMANDS.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def one_line(text: str) -> str:
    """The same in one line: what is told cannot look like a line of ours."""
    return " ".join(plain(text).split("\n")).replace("\t", " ")


def plain_json(text: str) -> str:
    """A JSON text with the same characters written out as JSON does, so that it still means the same."""
    return _COMMANDS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
