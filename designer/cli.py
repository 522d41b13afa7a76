"""The command line. Only what a command needs is imported, and only when it runs."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TypeAlias

if TYPE_CHECKING:
    from runtime.errors import DesignerError


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and end the process with its status."""
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: Sequence[str]) -> int:
    """Run one command; gives the exit status: 0 done, 1 failed, 2 wrong request, 3 infrastructure."""
    chosen = _parser().parse_args(arguments)
    try:
        return _carry_out(chosen)
    except KeyboardInterrupt:
        return 1
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as exc:  # noqa: BLE001 - the boundary: people get a sentence, never a traceback
        return _explain(exc, as_json=getattr(chosen, "json", False))


def _carry_out(chosen: argparse.Namespace) -> int:
    from importlib import import_module

    command = getattr(import_module(f"designer.commands.{chosen.room}"), chosen.verb)
    status = command(chosen)
    sys.stdout.flush()
    return int(status)


def _explain(exc: Exception, *, as_json: bool) -> int:
    from runtime.errors import DesignerError, InternalError

    if isinstance(exc, DesignerError):
        error: DesignerError = exc
    else:
        error = InternalError(
            "A006",
            f"The designer failed: {type(exc).__name__}: {exc}.",
            remedy=f"The details are in '{_keep_traceback(exc)}'; please report them.",
        )
    _print_error(error, as_json=as_json)
    return error.exit_status


def _print_error(error: "DesignerError", *, as_json: bool) -> None:
    if as_json:
        from designer.commands.output import print_json
        from runtime.execution.report import error_document

        print_json(error_document(error))
        return
    from designer.commands.output import complain, complain_about
    from runtime.errors import InvalidGraphError

    if isinstance(error, InvalidGraphError):
        complain_about(error.diagnostics)
    else:
        complain(str(error))


def _keep_traceback(exc: Exception) -> Path:
    import tempfile
    import traceback

    descriptor, name = tempfile.mkstemp(prefix="designer-", suffix=".log")
    with os.fdopen(descriptor, "w") as file:
        file.writelines(traceback.format_exception(exc))
    return Path(name)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        if "--json" in sys.argv:
            import json

            facts = {
                "code": "A004",
                "message": f"{message[:1].upper()}{message[1:]}.",
                "remedy": f"See `{self.prog} --help`.",
                "where": "",
            }
            sys.stdout.write(json.dumps({"error": facts, "diagnostics": []}) + "\n")
        super().error(message)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="designer", description="A visual designer for machine-learning pipelines."
    )
    _add_opening(parser)
    parser.set_defaults(room="opening", verb="open_designer")
    verbs = parser.add_subparsers(title="commands", metavar="")
    _add_running(verbs)
    _add_modules(verbs)
    _add_runs(verbs)
    _add_targets(verbs)
    _add_environments(verbs)
    _add_upkeep(verbs)
    return parser


_Verbs: TypeAlias = "argparse._SubParsersAction[_Parser]"


def _add_opening(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--version", action="store_true", help="say which version this is")
    _add_server_options(parser)
    _add_workspace(parser)


def _add_server_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, help="port of the page (8080, or a free one)")
    parser.add_argument("--host", default="127.0.0.1", help=argparse.SUPPRESS)
    parser.add_argument("--host-name", action="append", default=[], help=argparse.SUPPRESS)
    parser.add_argument("--allow-remote", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--no-browser", action="store_true", help="only print the address")
    parser.add_argument("--native", action="store_true", help="open a window of its own")


def _add_running(verbs: _Verbs) -> None:
    demo = _verb(verbs, "demo", "opening", "open_demo", "open the samples, one of them run")
    _add_server_options(demo)
    graph_run = _verb(verbs, "run", "graphs", "run", "run a graph file")
    _add_graph(graph_run)
    plan = _verb(verbs, "plan", "plans", "plan", "show what a run would do, and what it would take")
    _add_graph(plan)
    for name, text in (
        ("freeze", "hold on to the outputs of nodes"),
        ("unfreeze", "let frozen nodes run again"),
    ):
        freezing = _verb(verbs, name, "freezing", name, text)
        freezing.add_argument("graph", type=Path, metavar="GRAPH")
        freezing.add_argument("node", nargs="+", metavar="NODE")
    validate = _verb(verbs, "validate", "graphs", "validate", "list every problem of a graph file")
    validate.add_argument("graph", type=Path, metavar="GRAPH")
    _add_at_version(validate)
    validate.add_argument(
        "--no-schema",
        action="store_true",
        help="do not look at columns and types: start no process, read no data file",
    )
    diff = _verb(verbs, "diff", "differences", "diff", "say what differs between two graphs")
    for name, metavar in (("before", "A"), ("after", "B")):
        diff.add_argument(
            name, metavar=metavar, help="a file, PIPELINE, PIPELINE@NAME, PIPELINE@12 or run:N"
        )
    tidy = _verb(verbs, "tidy", "graphs", "tidy", "lay out a graph file afresh")
    tidy.add_argument("graph", type=Path, metavar="GRAPH")
    tidy.add_argument(
        "-o", "--output", type=Path, metavar="PATH", help="write it there instead of printing it"
    )


def _add_at_version(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--version",
        dest="at_version",
        metavar="NAME",
        help="a named version or revision of the pipeline that GRAPH is, also GRAPH@NAME",
    )


def _add_graph(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("graph", type=Path, metavar="GRAPH")
    _add_at_version(parser)
    parser.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", help="a pipeline parameter"
    )
    part = parser.add_mutually_exclusive_group()
    part.add_argument("--to", action="append", default=[], metavar="NODE", help="up to a node")
    part.add_argument("--from", action="append", default=[], metavar="NODE", help="from a node on")
    part.add_argument("--only", action="append", default=[], metavar="NODE", help="just this node")
    part.add_argument(
        "--failed", action="store_true", help="what was not done the last time, and what follows"
    )
    parser.add_argument(
        "--stop-before", action="append", default=[], metavar="NODE", help="stop before a node"
    )
    parser.add_argument("--target", metavar="NAME", help="compute target")
    parser.add_argument("--regenerate", action="store_true", help="reuse nothing")
    parser.add_argument(
        "--go-on", action="store_true", help="after a failure, run what does not depend on it"
    )


def _add_modules(verbs: _Verbs) -> None:
    module = verbs.add_parser("module", help="list, publish and steer modules")
    actions = module.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _verb(actions, "list", "modules", "list_modules", "all modules")
    _add_version(_verb(actions, "show", "modules", "show", "one module"), is_optional=True)
    new = _verb(actions, "new", "modules", "new", "write the start of a module")
    new.add_argument("name", metavar="NAME")
    kinds = ("function", "script", "command", "notebook")
    new.add_argument("--kind", choices=kinds, default="function", help="what it is written as")
    test = _verb(actions, "test", "modules", "test", "check a draft and run its own example")
    test.add_argument("module", metavar="MODULE")
    publish = _verb(actions, "publish", "modules", "publish", "freeze a draft as a version")
    publish.add_argument("module", metavar="MODULE", nargs="?", help="its id, or a path")
    publish.add_argument(
        "--subgraph",
        metavar="PIPELINE:NAME",
        help="the definition of a subgraph instead of a draft",
    )
    publish.add_argument("--as", dest="version", metavar="VERSION", help="its version number")
    publish.add_argument("--make-default", action="store_true", help="also make it the default")
    publish.add_argument("--changelog", default="", metavar="TEXT", help="what is new")
    deprecate = _verb(actions, "deprecate", "modules", "deprecate", "warn where it is used")
    _add_version(deprecate, is_optional=True)
    deprecate.add_argument("--message", default="", metavar="TEXT", help="why")
    deprecate.add_argument("--replacement", default="", metavar="MODULE", help="what to use")
    disable = _verb(actions, "disable", "modules", "disable", "refuse new runs")
    _add_version(disable, is_optional=True)
    disable.add_argument("--reason", "--message", dest="message", default="", metavar="TEXT")
    _add_version(_verb(actions, "enable", "modules", "enable", "undo both"), is_optional=True)
    default = _verb(actions, "set-default", "modules", "set_default", "move the default")
    _add_version(default, is_optional=False)
    delete = _verb(actions, "delete", "modules", "delete", "delete what nothing uses")
    _add_version(delete, is_optional=False)


def _add_version(parser: argparse.ArgumentParser, *, is_optional: bool) -> None:
    parser.add_argument("module", metavar="MODULE")
    parser.add_argument("version", metavar="VERSION", nargs="?" if is_optional else None)


def _add_runs(verbs: _Verbs) -> None:
    runs = verbs.add_parser("runs", help="list, show, reopen, compare and cancel runs")
    actions = runs.add_subparsers(title="commands", metavar="COMMAND", required=True)
    listing = _verb(actions, "list", "runs", "list_runs", "the newest runs")
    listing.add_argument("--limit", type=int, default=20, metavar="N")
    listing.add_argument("--status", metavar="STATUS")
    listing.add_argument(
        "--tag", action="append", default=[], metavar="TAG", help="only those that have the tag"
    )
    tagging = _verb(actions, "tag", "run_marks", "change_tags", "give a run tags, take others away")
    tagging.usage = f"{tagging.prog} [--workspace FOLDER] [--json] RUN [+TAG | -TAG ...]"
    tagging.add_argument("run", metavar="RUN")
    tagging.add_argument("changes", metavar="+TAG | -TAG", nargs=argparse.REMAINDER)
    noting = _verb(actions, "note", "run_marks", "write_note", "write or say the note of a run")
    noting.add_argument("run", metavar="RUN")
    noting.add_argument("text", metavar="TEXT", nargs="?", help="its note; empty for none")
    for name, text in (("show", "one run"), ("cancel", "end a run")):
        _verb(actions, name, "runs", name, text).add_argument("run", metavar="RUN")
    logs = _verb(actions, "logs", "logs", "logs", "the log of a step")
    logs.add_argument("run", metavar="RUN")
    logs.add_argument("step", metavar="STEP", nargs="?")
    logs.add_argument("--follow", action="store_true", help="go on until the step has ended")
    logs.add_argument("--tail", type=_count, metavar="N", help="the last lines only")
    logs.add_argument("--search", metavar="TEXT", help="lines that have it in them, with numbers")
    logs.add_argument("--regex", action="store_true", help="TEXT is a regular expression")
    logs.add_argument("--case", action="store_true", help="tell upper and lower case apart")
    logs.add_argument("--attempt", type=_count, default=0, metavar="N", help="not the last one")
    resuming = _verb(
        actions, "resume", "rerunning", "resume", "do what a run left undone, in a new run"
    )
    resuming.add_argument("run", metavar="RUN")
    again = _verb(actions, "rerun", "rerunning", "rerun", "run the graph of a run once more")
    again.add_argument("run", metavar="RUN")
    again.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", help="another parameter value"
    )
    again.add_argument(
        "--newest",
        action="store_true",
        help="the newest graph of its pipeline, not that of the run",
    )
    opening = _verb(
        actions,
        "open",
        "reopening",
        "open_step",
        "reopen a step in a folder, with its exact inputs",
    )
    opening.add_argument("run", metavar="RUN")
    opening.add_argument("step", metavar="STEP")
    opening.add_argument(
        "-o", "--output", type=Path, metavar="FOLDER", help="run-N-STEP in this folder if absent"
    )
    compare = _verb(actions, "compare", "compared_runs", "compare", "what differs between two runs")
    compare.add_argument("before", metavar="RUN_A")
    compare.add_argument("after", metavar="RUN_B")
    compare.add_argument("--step", metavar="STEP", help="of one output: its step")
    compare.add_argument("--port", metavar="PORT", help="and its port")


def _count(text: str) -> int:
    if not text.isdecimal() or len(text) > 15:
        raise argparse.ArgumentTypeError(f"'{text}' is no number of lines or attempts")
    return int(text)


def _add_targets(verbs: _Verbs) -> None:
    target = verbs.add_parser("target", help="list, add, test and remove compute targets")
    actions = target.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _verb(actions, "list", "targets", "list_targets", "where steps can run")
    add = _verb(actions, "add", "targets", "add", "declare a host, an engine or a cluster")
    add.add_argument("name", metavar="NAME", help="what nodes call it")
    kind = add.add_mutually_exclusive_group(required=True)
    kind.add_argument("--host", metavar="HOST", help="name or address of a host with SSH")
    kind.add_argument("--docker", action="store_true", help="a Docker engine")
    kind.add_argument(
        "--ray", nargs="?", const="", metavar="ADDRESS",
        help="a Ray cluster: auto, HOST:PORT or ray://HOST:PORT; without it one of its own",
    )  # fmt: skip
    add.add_argument("--cpus", type=int, metavar="N", help="processors that steps may share")
    add.add_argument("--python", default="", metavar="PATH", help="what runs steps there")
    add.add_argument(
        "--wheels", default="", metavar="PATH",
        help="a folder with the packages, no index: on the host, on every node of a cluster, or "
        "for a Docker engine here",
    )  # fmt: skip
    add.add_argument(
        "--folder", default="", metavar="PATH", help="where the designer may write there"
    )
    host = add.add_argument_group("for a host")
    host.add_argument("--port", type=int, default=0, metavar="N")
    host.add_argument("--user", default="", metavar="USER", help="who logs in there")
    host.add_argument("--key", default="", metavar="FILE", help="a private key on this machine")
    host.add_argument(
        "--fingerprint", default="", metavar="SHA256:…", help="the key that the host must have"
    )
    engine = add.add_argument_group("for a Docker engine")
    engine.add_argument(
        "--url", default="", metavar="URL", help="ssh://USER@HOST, or tcp://HOST:PORT"
    )
    engine.add_argument("--tls", default="", metavar="FOLDER", help="keys for tcp://")
    engine.add_argument(
        "--image", default="", metavar="IMAGE", help="what containers are made from"
    )
    engine.add_argument("--network", default="", metavar="NAME", help="the one steps are in")
    engine.add_argument(
        "--copies", action="store_true", help="copy artifacts where they could be mounted"
    )
    cluster = add.add_argument_group("for a Ray cluster")
    cluster.add_argument("--token", default="", metavar="FILE", help="its token, on this machine")
    cluster.add_argument(
        "--builds", action="store_true", help="make an environment there with what steps need"
    )
    price = _verb(actions, "price", "target_price", "price", "what an hour on a target costs")
    price.add_argument("name", metavar="NAME")
    price.add_argument("price", metavar="PRICE", nargs="?", help="0 for no price")
    for name, text in (
        ("test", "connect and say what it offers, and whether a step can run there"),
        ("remove", "forget a compute target"),
    ):
        _verb(actions, name, "targets", name, text).add_argument("name", metavar="NAME")


def _add_environments(verbs: _Verbs) -> None:
    environment = verbs.add_parser("environment", help="list, add, build and remove environments")
    actions = environment.add_subparsers(title="commands", metavar="COMMAND", required=True)
    listing = _verb(actions, "list", "environments", "list_environments", "what steps can run in")
    listing.add_argument("--target", metavar="NAME", help="look what a host has built")
    add = _verb(actions, "add", "environments", "add", "lock requirements under a name")
    add.add_argument("name", metavar="NAME", help="data, boosting and torch are ready")
    add.add_argument("requirement", nargs="*", metavar="REQUIREMENT", help="'lightgbm>=4'")
    add.add_argument(
        "-r", "--file", action="append", default=[], type=Path, metavar="FILE", help="more of them"
    )
    add.add_argument("--python", default="", metavar="X.Y", help="minor version of Python")
    add.add_argument(
        "--extra-index",
        default="",
        metavar="URL",
        help="an index that is asked before the usual one",
    )
    add.add_argument(
        "--wheels", default="", metavar="FOLDER", help="a folder of wheels, no network"
    )
    for name, verb, text in (
        ("build", "build_here", "build an environment on this machine"),
        ("remove", "remove_environment", "forget an environment and what is built of it"),
    ):
        action = _verb(actions, name, "environments", verb, text)
        action.add_argument(
            "name", metavar="NAME", help="its name, or the first digits of its digest"
        )
    source = _verb(actions, "source", "environments", "source", "where packages come from")
    source.add_argument("--index", metavar="URL", help="a package index; empty for the usual one")
    source.add_argument("--wheels", metavar="FOLDER", help="a folder of wheels: no network is used")


def _add_upkeep(verbs: _Verbs) -> None:
    _verb(verbs, "runner", "upkeep", "runner", "host the engine alone, without the page")
    collect = _verb(verbs, "collect", "upkeep", "collect", "remove what nobody needs any more")
    collect.add_argument(
        "--keep-runs", type=int, default=20, metavar="N", help="newest runs to keep"
    )
    collect.add_argument("--keep-days", type=float, default=30, metavar="N", help="days to keep")
    _verb(verbs, "doctor", "upkeep", "doctor", "check this machine and the workspace")


def _verb(verbs: _Verbs, name: str, room: str, verb: str, text: str) -> argparse.ArgumentParser:
    parser = verbs.add_parser(name, help=text, description=text[:1].upper() + text[1:] + ".")
    parser.set_defaults(room=room, verb=verb)
    _add_workspace(parser)
    if room != "opening":
        parser.add_argument("--json", action="store_true", help="print one JSON document")
    return parser


def _add_workspace(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--workspace",
        type=Path,
        default=argparse.SUPPRESS,
        metavar="FOLDER",
        help="the workspace (DESIGNER_WORKSPACE, or the one around this folder)",
    )


if __name__ == "__main__":
    main()
