"""One module a command: `add_arguments(parser)` and `run(arguments, terminal) -> exit code`.

`COMMANDS` is what `xmo --help` shows; a module is imported only when its command is called.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Command:
    name: str
    module: str
    purpose: str
    stage: str


COMMANDS: tuple[Command, ...] = (
    Command("demo", "demo", "make the sample organisation and walk the loop", "Start"),
    Command("init", "init", "make a new office in a folder", "Start"),
    Command("sample", "sample", "list the public data sets we know, or import one", "Start"),
    Command("import", "importing", "bring signals in from files", "Listen"),
    Command("sources", "sources", "show what came in from whom, and how good it is", "Listen"),
    Command("withdraw", "withdraw", "undo an import", "Listen"),
    Command("mark", "mark", "mark a signal as spam or leave it out, with a reason", "Listen"),
    Command("score", "score", "ask what a metric is, by what, and when", "Understand"),
    Command("contact", "contact", "ask what happened in one contact", "Understand"),
    Command("explain", "explain", "ask why a metric moved", "Understand"),
    Command("rank", "rank", "rank improvements four ways, side by side", "Decide"),
    Command("prove", "prove", "ask whether it worked", "Prove"),
    Command("gap", "gap", "set what is delivered against the ambition", "Govern"),
    Command("metrics", "metrics", "list what is measured, and what each number is worth", "Govern"),
    Command("apply", "apply", "make the office as a file says", "Govern"),
    Command("export", "export", "write the office as a file", "Govern"),
    Command("user", "user", "say who can sign in", "Keep"),
    Command("key", "key", "make and revoke the keys of programs", "Keep"),
    Command("erase", "erase", "erase a person", "Keep"),
    Command("up", "up", "serve the office: pages, API and worker together", "Keep"),
    Command("web", "web", "serve the pages and the API", "Keep"),
    Command("worker", "worker", "store what waits in the inbox and do the due work", "Keep"),
    Command("doctor", "doctor", "check that nothing is lost or broken", "Keep"),
    Command("backup", "backup", "write the whole office to one file", "Keep"),
    Command("restore", "restore", "bring an office back from such a file", "Keep"),
    Command("upgrade", "upgrade", "move an older office to this version", "Keep"),
)
