#!/usr/bin/env python3
"""Writes merged recordings in the compact form in which they are kept here.

    compact.py INTO FILE…

What goes: the head but for `id` and `title`, notes, `statuses` (two writes may be merged into one, so they are not
compared), and of each `state` what the step before had already: it becomes a merge patch (RFC 7386).
"""
import json
import os
import sys


def patch(before, after):
    """The merge patch that makes `after` of `before`."""
    if not isinstance(before, dict) or not isinstance(after, dict):
        return after
    out = {name: None for name in before if name not in after}
    for name, value in after.items():
        if name not in before:
            out[name] = value
        elif before[name] != value:
            out[name] = patch(before[name], value)
    return out


def without_nulls(value):
    """What is null is absent: a merge patch could not tell the two apart."""
    if isinstance(value, list):
        return [without_nulls(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    return {name: without_nulls(inner) for name, inner in value.items() if inner is not None}


def compact(recording):
    """The lines of a file."""
    head = {"id": recording["id"], "title": recording["title"], "state": "patches"}
    head = json.dumps(head, ensure_ascii=False, separators=(",", ":"))
    state, lines = {}, []
    for step in recording["steps"]:
        step = {name: value for name, value in step.items() if name != "statuses"}
        step["do"] = {name: value for name, value in step["do"].items() if name != "note"}
        unstable = [part for part in step.pop("unstable", []) if part != "statuses"]
        if unstable:
            step["unstable"] = unstable
        new = without_nulls(step.pop("state", None))
        if new is not None:
            change = patch(state, new)
            if change:
                step["state"] = change
            state = new
        lines.append(json.dumps(step, ensure_ascii=False, separators=(",", ":"), sort_keys=True))
    return head[:-1] + ',"steps":[\n' + ",\n".join(lines) + "\n]}\n"


def main():
    into, files = sys.argv[1], sys.argv[2:]
    for name in files:
        with open(name, encoding="utf-8") as source:
            text = compact(json.load(source))
        with open(os.path.join(into, os.path.basename(name)), "w", encoding="utf-8") as target:
            target.write(text)


if __name__ == "__main__":
    main()
