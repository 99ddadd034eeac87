#!/usr/bin/env python3
"""Reads `kubectl <command> --help` of every command of a real kubectl and writes what `src/help.rs` and
`src/flag.rs` make of it: `src/pages/commands.txt`, the words above the options and the usage line of each, and
`src/pages/flags.txt`, each option once.

    python3 pages.py /path/to/kubectl
"""
import os
import re
import subprocess
import sys

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "src", "pages")
OPTION = re.compile(r"^ {4}(?:-(\w), )?--([a-z0-9-]+)=(.*):\n\t(.*)\n", re.M)


def page(kubectl, words):
    env = {"HOME": "/root", "PATH": os.environ["PATH"]}
    return subprocess.run([kubectl, *words], capture_output=True, text=True, env=env, check=True).stdout


def walk(kubectl, path, pages):
    text = page(kubectl, [*path, "--help"])
    pages[" ".join(path)] = text
    for block in re.findall(r"Commands[^\n]*:\n((?:  [a-z-]+ .*\n)+)", text):
        for line in block.splitlines():
            walk(kubectl, [*path, line.split()[0]], pages)


def parts(text):
    """What stands above the options, the options, and the usage line."""
    head, _, usage = text.rpartition("\nUsage:\n")
    above, _, listed = head.partition("\nOptions:\n")
    options = [(m[0], m[1], m[2], m[3]) for m in OPTION.findall(listed)]
    return above, options, usage.partition("\n")[0].removeprefix("  kubectl ")


def whole(command, above, options, usage):
    """The page again, as `help.rs` puts it together."""
    text = above
    if options:
        text += "\nOptions:\n"
        text += "\n".join(f"    {f'-{l}, ' if l else ''}--{n}={d}:\n\t{t}\n" for l, n, d, t in options)
    text += f"\nUsage:\n  kubectl {usage}\n\n"
    if "\n\nAvailable Commands:\n" in above or not command:
        command = f"{command} " if command else ""
        text += f'Use "kubectl {command}<command> --help" for more information about a given command.\n'
    return text + 'Use "kubectl options" for a list of global command-line options (applies to all commands).\n'


def main():
    kubectl = sys.argv[1]
    pages = {}
    walk(kubectl, [], pages)
    commands, flags = [], {}

    def named(option):
        letter, name, default, text = option
        same = flags.setdefault(name, [])
        if option not in same:
            same.append(option)
        at = same.index(option)
        return name if at == 0 else f"{name}#{at + 1}"

    pages["options"] = page(kubectl, ["options"])
    everywhere = [named(option) for option in OPTION.findall(pages.pop("options"))]
    for command, text in pages.items():
        above, options, usage = parts(text)
        if whole(command, above, options, usage) != text:
            sys.exit(f"kubectl {command} --help has another form")
        commands.append(f"== {command}\n{usage}\n{' '.join(map(named, options))}\n{above}")
    with open(os.path.join(HERE, "commands.txt"), "w") as file:
        file.write(f"{' '.join(everywhere)}\n" + "".join(commands))
    with open(os.path.join(HERE, "flags.txt"), "w") as file:
        for name, same in sorted(flags.items()):
            for at, (letter, _, default, text) in enumerate(same):
                key = name if at == 0 else f"{name}#{at + 1}"
                file.write(f"{key}|{letter}|{default}|{text}\n")


main()
