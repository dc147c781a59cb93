"""What people see of a run: the live view, plain lines where there is no terminal, and the same from a record.

All of it is drawn from the stream of events: :mod:`gitm.view.state` folds events into a state, :mod:`gitm.view.draw` draws a state,
:mod:`gitm.view.words` puts an event in one line, :mod:`gitm.view.live` shows a run as it happens.
"""

from gitm.view.draw import panel, summary_panel, tree_lines
from gitm.view.live import LiveView, PlainView, QuietView, View, view_for
from gitm.view.mermaid import mermaid
from gitm.view.state import State, advance, state_of
from gitm.view.words import clock, feed_line

__all__ = [
    "LiveView",
    "PlainView",
    "QuietView",
    "State",
    "View",
    "advance",
    "clock",
    "feed_line",
    "mermaid",
    "panel",
    "state_of",
    "summary_panel",
    "tree_lines",
    "view_for",
]
