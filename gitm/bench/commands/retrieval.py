"""``gitm bench retrieval``: do embedders find the passage that answers a question?"""

from __future__ import annotations

from typing import Annotated, Any

import typer

from gitm.bench.options import Json
from gitm.bench.report import header, tell
from gitm.errors import SetupError


def retrieval(
    *,
    embedder: Annotated[
        list[str] | None, typer.Option(help="hash, minilm or openai:<model>; repeat for more. All installed by default.")
    ] = None,
    missed: Annotated[bool, typer.Option(help="Show the questions without an answer among the first five.")] = False,
    size: Annotated[int, typer.Option(help="Add made-up passages until there are so many.")] = 0,
    every_item: Annotated[bool, typer.Option("--every-item", help="Also ask for each item by its name.")] = False,
    json: Json = False,
) -> None:
    """Recall and mean reciprocal rank of each embedder over questions in a player's words, against every shipped passage."""
    from gitm.bench.retrieval import measure

    found: dict[str, dict[str, Any]] = {}
    left_out: list[str] = []
    for name in embedder or ("hash", "minilm"):
        try:
            found[name] = measure(name, size, every_item=every_item)
        except SetupError as error:
            if embedder:
                raise
            left_out.append(str(error))
    lines = [f"{'embedder':<12}{'questions':<14}{'number':>7}{'recall@1':>10}{'recall@5':>10}{'recall@10':>11}{'MRR':>7}"]
    for name, figures in found.items():
        told = figures["sets"] | {"all": figures["all"]} | ({"every item": figures["items"]} if figures["items"] else {})
        for label, row in told.items():
            rates = f"{row['recall_1']:>10.2f}{row['recall_5']:>10.2f}{row['recall_10']:>11.2f}{row['mrr']:>7.2f}"
            lines.append(f"{name:<12}{label:<14}{row['questions']:>7}{rates}")
            lines += [f"    missed: {question}" for question in row["missed"]] if missed and label != "all" else []
    for name, row in found.items():
        times = f"index built in {row['build_seconds']:.1f} s, a search takes {row['search_ms']:.1f} ms"
        lines.append(f"{name}: {row['passages']} passages, {times}")
    tell(header("retrieval", embedders=list(found)) | {"embedders": found, "left_out": left_out}, lines + left_out, as_json=json)
