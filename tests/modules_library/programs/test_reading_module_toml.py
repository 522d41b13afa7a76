"""What a module.toml declares becomes a spec; everything wrong with it has a code, a file and a line."""

import ast
import json

import pytest

from modules_library.programs import start
from modules_library.programs.toml_lines import TomlLines
from tests.modules_library.programs.bench import COPY, SCRIPT, notebook


def problems(bench, declaration, **files):
    bench.write(declaration, **({"main__py": COPY} | files))
    reading = bench.read()
    assert all(one.code == "M016" and one.remedy for one in reading.diagnostics)
    assert (reading.spec is None) == bool(reading.diagnostics)
    return [(int(one.where.rpartition(":")[2]), one.message) for one in reading.diagnostics]


def test_a_declaration_becomes_ports_parameters_and_facts(bench):
    bench.write(
        SCRIPT
        + """
    [inputs.more]
    type = "File"
    optional = true
    many = true
    [parameters.mode]
    kind = "enum"
    options = ["a", "b"]
    default = "a"
    [parameters.column]
    kind = "column"
    port = "dataset"
    nullable = true
    shown_when = { mode = "b" }
    [parameters.ratio]
    kind = "float"
    minimum = 0
    exclusive_minimum = true
    """,
        main__py=COPY,
    )
    spec = bench.spec()
    assert (spec.kind, spec.version, spec.entry.function, spec.entry.isolated) == (
        *("script", "draft", "main.py"),
        True,
    )
    assert [(p.name, p.type, p.optional, p.many) for p in spec.inputs] == [
        ("dataset", "Table", False, False),
        ("more", "File", True, True),
    ]
    mode, column, ratio = spec.parameters
    assert mode.options == ("a", "b") and not mode.required
    assert column.nullable and column.visible_when[0].values == ("b",)
    assert ratio.required and ratio.exclusive_minimum and ratio.title == "Ratio"


def test_nothing_is_run_to_read_it(bench):
    bench.write(SCRIPT, main__py="raise SystemExit('it ran')")
    assert bench.spec().title == "Program"


def test_all_faults_are_told_at_once_with_their_lines(bench):
    found = problems(
        bench,
        """
        kind = "script"
        version = "one"
        entry = "mian.py"
        arguments = [
            "{input.dataset}",
            "{input.datset}",
        ]
        [inputs.dataset]
        type = "Table"
        [outputs.result]
        type = "Table"
        [parameters.rows]
        kind = "int"
        maximum = 3
        default = 5
        """,
    )
    assert [line for line, _ in found] == [3, 4, 16, 7, 11]
    text = " ".join(message for _, message in found)
    for words in (
        "'one'",
        "Did you mean 'main.py'?",
        "is above 3",
        "Did you mean 'input.dataset'?",
    ):
        assert words in text
    assert "where 'result' is to be written" in text


@pytest.mark.parametrize(
    ("declaration", "line", "words"),
    [
        ("kind = 'script'\nversion = [\n", 2, "not valid TOML"),
        ("kind = 'scrpt'\nversion = '1'\n", 1, "'kind': Invalid enum value 'scrpt'"),
        ("kind = 'script'\n", 1, "there is no 'version'"),
        ("kind = 'script'\nversion = '1'\nentri = 'x'\n", 3, "Did you mean 'entry'?"),
        ("kind = 'script'\nversion = '1'\n", 1, "needs the name of its file"),
        ("kind = 'script'\nversion = '1'\nentry = 'run.sh'\n", 3, "is no .py file"),
        ("kind = 'script'\nversion = '1'\nentry = '../x.py'\n", 3, "does not exist"),
        ("kind = 'command'\nversion = '1'\n", 1, "needs its program"),
        ("kind = 'command'\nversion = '1'\nentry = 'x'\narguments = ['ls']\n", 3, "has no entry"),
        ("kind = 'notebook'\nversion = '1'\nentry = 'n.ipynb'\n", 3, "is no notebook"),
        (
            "kind = 'notebook'\nversion = '1'\nentry = 'm.ipynb'\narguments = []\n",
            4,
            "takes no arguments",
        ),
        ("inputs = 3\n", 1, "'inputs' is no table"),
    ],
)
def test_a_fault_of_the_top_is_told_with_its_line(bench, declaration, line, words):
    found = problems(bench, declaration, n__ipynb="{", m__ipynb=notebook("1"))
    assert found[0][0] == line and words in found[0][1]


@pytest.mark.parametrize(
    ("addition", "words"),
    [
        ("[inputs.x]\ntype = 'Tabel'\n", "'inputs.x.type': Invalid enum value 'Tabel'"),
        (
            "[inputs.x]\ntipe = 'Table'\n",
            "[inputs.x] has no key 'tipe'. Did you mean 'type' or 'title'?",
        ),
        ("[inputs.BIG]\ntype = 'Table'\n", "cannot be a port or parameter name"),
        ("[parameters.dataset]\nkind = 'int'\n", "is an input and a parameter"),
        ("[parameters.e]\nkind = 'enum'\n", "an enum without options"),
        ("[parameters.l]\nkind = 'list'\n", "does not say of what"),
        ("[parameters.c]\nkind = 'column'\nport = 'datast'\n", "Did you mean 'dataset'?"),
        ("[parameters.c]\nkind = 'int'\nshown_when = {d = 1}\n", "no other parameter 'd'"),
        ("[distributed]\nprocesses = 0\n", "'distributed.processes': Expected 'int' >= 1"),
        ("[distributed]\nprocesses = 2\n[parameters.processes]\nkind = 'int'\n", "is taken"),
        (
            "[distributed]\nprocesses = 2\n[parallel]\ninput = 'dataset'\nrows = 1\n",
            "cannot be combined",
        ),
        ("[parallel]\ninput = 'datset'\nrows = 1\n", "Did you mean 'dataset'"),
        ("[example]\ninputs = {data = 'x'}\n", "none of the inputs. Did you mean 'dataset'?"),
        ("[example]\ninputs = {dataset = '../program/no'}\n", "does not exist"),
    ],
)
def test_a_fault_of_a_port_or_parameter_names_it(bench, addition, words):
    assert words in problems(bench, SCRIPT.replace("    ", "") + addition)[0][1]


@pytest.mark.parametrize(
    ("argument", "words"),
    [
        ('"{parameter.limit}"', "may have no value"),
        ('"{input.extra}"', "may have no value"),
        ('"--x={input.files}"', "one argument per wire"),
        ('"{parameter.key}"', "would be seen by everybody"),
        ('{when = "input.nothing", then = ["a"]}', "names nothing that is declared"),
    ],
)
def test_an_argument_that_cannot_be_filled_is_refused(bench, argument, words):
    found = problems(
        bench,
        f"""
        kind = "command"
        version = "1.0.0"
        arguments = ["ls", {argument}]
        [inputs]
        extra = {{ type = "Table", optional = true }}
        files = {{ type = "File", many = true }}
        [parameters]
        limit = {{ kind = "int", nullable = true }}
        key = {{ kind = "secret" }}
        """,
    )
    assert found[0][0] == 4 and words in found[0][1]


def test_an_entry_that_is_ignored_is_refused(bench):
    found = problems(bench, SCRIPT, __designerignore="main.py\n")
    assert "left out by an ignore file" in found[0][1]


def test_a_notebook_gives_itself_and_needs_a_cell_of_parameters(bench):
    declaration = SCRIPT.replace("script", "notebook").replace("main.py", "n.ipynb")
    bench.write(declaration, n__ipynb=notebook("1"))
    assert [port.name for port in bench.spec().outputs] == ["result", "executed_notebook"]
    untagged = notebook("1").replace('"parameters"', '"other"')
    assert "no cell tagged 'parameters'" in problems(bench, declaration, n__ipynb=untagged)[0][1]
    other = json.loads(notebook("1")) | {"metadata": {"kernelspec": {"language": "R"}}}
    assert "written in R" in problems(bench, declaration, n__ipynb=json.dumps(other))[0][1]
    clash = declaration + "    [outputs.dataset]\n    type = 'File'\n"
    assert "name of something else" in problems(bench, clash, n__ipynb=notebook("1"))[0][1]


def test_a_folder_whose_name_is_no_id_is_refused(bench):
    from modules_library.programs import program_spec

    bench.write(main__py=COPY)
    found = program_spec(bench.program, module_id="custom.Über").diagnostics
    assert found[0].code == "M016" and "Rename the folder" in found[0].remedy


def test_lines_are_found_through_texts_of_many_lines():
    lines = TomlLines('a = """\nb = 1\n[c]\n"""\n[c.d]\n"e" = 1\nf.g = 2\n')
    assert [
        lines.of("a"),
        lines.of("c"),
        lines.of("c", "d", "e"),
        lines.of("c", "d", "f", "g"),
    ] == [*(1, 5, 6, 7)]
    assert lines.of("c", "d", "nothing") == 5


@pytest.mark.parametrize("kind", ["script", "command", "notebook"])
def test_what_a_new_program_starts_from_can_be_read(bench, kind):
    for name, text in start.start_of(kind, "trim_text").items():
        (bench.program / name).write_text(text)
        if name.endswith(".py"):
            ast.parse(text)
    assert bench.spec().title == "Trim Text"
