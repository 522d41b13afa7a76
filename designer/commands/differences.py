"""`designer diff`: what differs between two graphs, as people see it."""

import argparse

from designer.commands.output import print_json, say
from designer.commands.place import workspace_of
from designer.commands.states import given_state
from modules_library.registry import open_catalog


def diff(chosen: argparse.Namespace) -> int:
    """Say what leads from one graph to the other."""
    from designer.document.comparison import compare
    from designer.document.comparison_words import as_lines, in_words
    from designer.services.revisions import titles

    workspace = workspace_of(chosen)
    before, after = (given_state(text, workspace) for text in (chosen.before, chosen.after))
    catalog = open_catalog(workspace if workspace.is_dir() else None)
    comparison = in_words(
        compare(before.document, after.document),
        before.document,
        after.document,
        titles(catalog),
    )
    if chosen.json:
        print_json({"before": before.title, "after": after.title, "comparison": comparison})
        return 0
    lines = list(as_lines(comparison))
    for line in lines or [f"{before.title} and {after.title} are the same graph."]:
        say(line)
    return 0
