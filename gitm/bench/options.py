"""The options that several benches share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Seeds = Annotated[int, typer.Option(min=1, help="How many seeds, from 1.")]
Workers = Annotated[int | None, typer.Option(min=1, help="Processes; all cores when not given.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON object instead of a table.")]
Log = Annotated[Path | None, typer.Option(help="Where single results are kept, so that an interrupted bench goes on.")]
Fresh = Annotated[bool, typer.Option(help="Begin anew.")]
Ticks = Annotated[int, typer.Option(min=1, help="Game ticks after which a game is lost.")]
Items = Annotated[list[str] | None, typer.Option("--item", help="Only this item (repeat for more).")]
