import inspect
import sys
import zipfile
from pathlib import Path

import msgspec
import pandas as pd
import pytest

from modules_library.builtin.python_language import execute_python_script as file
from modules_library.builtin.python_language.execute_python_script import (
    example,
    execute_python_script,
)
from modules_library.sdk import File
from modules_library.sdk.source import spec_from_source
from runtime.error_boundary import describe
from runtime.errors import DataError, ModuleError
from runtime.model import StepRequest

FRAME = pd.DataFrame({"a": [1, 2], "b": ["x", "y"]})


def ran(script, *frames, bundle=None):
    return execute_python_script(*frames, script_bundle=bundle, python_script=script)


def refused(script, *frames, kind=ModuleError, **options):
    with pytest.raises(kind) as caught:
        ran(script, *frames, **options)
    assert caught.value.record.remedy
    return caught.value.record


def test_the_default_script_passes_the_first_table_through(capsys):
    result = execute_python_script(FRAME)
    assert result.result_dataset.equals(FRAME)
    assert result.result_dataset2.shape == (0, 0)
    assert capsys.readouterr().out == "2 rows arrived.\n"


def test_two_tables_go_in_and_out():
    script = (
        "def azureml_main(dataframe1=None, dataframe2=None):\n    return dataframe2, dataframe1\n"
    )
    other = pd.DataFrame({"c": [3]})
    result = ran(script, FRAME, other)
    assert result.result_dataset.equals(other) and result.result_dataset2.equals(FRAME)


@pytest.mark.parametrize(
    "script",
    [
        "def azureml_main(): return pd.DataFrame({'n': [7]})",
        "def azureml_main(one): return pd.DataFrame({'n': [7]}),",
        "def azureml_main(one, two, three=3): return [pd.DataFrame({'n': [7]})]",
        "def azureml_main(*tables): return pd.DataFrame({'n': [5 + len(tables)]})",
        "azureml_main = lambda one, two: pd.DataFrame({'n': [7]})",
    ],
)
def test_the_function_takes_as_many_tables_as_it_likes(script):
    result = ran("import pandas as pd\n" + script, FRAME)
    assert result.result_dataset["n"].tolist() == [7]


def test_what_is_not_wired_is_none():
    script = (
        "import pandas as pd\n"
        "def azureml_main(dataframe1=None, dataframe2=None):\n"
        "    return pd.DataFrame({'none': [dataframe1 is None and dataframe2 is None]})\n"
    )
    assert ran(script).result_dataset["none"].tolist() == [True]


def test_a_syntax_error_names_its_line():
    record = refused("x = 1\ndef azureml_main(:\n    pass\n")
    assert record.code == "M007" and record.details["line"] == 2
    assert record.frames[0]["text"].strip() == "def azureml_main(:"


@pytest.mark.parametrize("script", ["", "x = 1", "azureml_main = 3"])
def test_a_script_without_the_function_is_m007(script):
    record = refused(script)
    assert record.code == "M007" and "azureml_main" in record.message


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("None", "nothing"),
        ("7", "a value of type int"),
        ("()", "a sequence of 0"),
        ("dataframe1, None", "a sequence with nothing"),
        ("dataframe1, dataframe1, dataframe1", "a sequence of 3"),
        ("{'a': dataframe1}", "a value of type dict"),
        ("'text'", "a value of type str"),
    ],
)
def test_something_else_than_tables_is_m009(value, words):
    record = refused(f"def azureml_main(dataframe1):\n    return {value}\n", FRAME)
    assert record.code == "M009" and words in record.message


def request():
    source = Path(file.__file__)
    spec = spec_from_source(
        source,
        module_id="python_language.execute_python_script",
        root=source.parents[3],
        origin="builtin",
        source=str(source),
    ).spec
    return StepRequest(
        run_id="", step_id="", attempt=1, fence=1, entry=spec.entry, module=spec.id,
        version=spec.version, digest=spec.digest, folder="",
    )  # fmt: skip


def test_an_exception_shows_the_lines_of_the_script_and_none_of_ours():
    script = (
        "def helper(value):\n"
        "    return 1 / value\n"
        "def azureml_main(dataframe1):\n"
        "    return helper(0)\n"
    )
    with pytest.raises(ZeroDivisionError) as caught:
        ran(script, FRAME)
    frames = [
        (frame["file"], frame["line"], frame["text"])
        for frame in describe(caught.value, request()).frames
        if not frame["file"].endswith(Path(__file__).name)
    ]
    assert frames == [
        ("script.py", 4, "return helper(0)"),
        ("script.py", 2, "return 1 / value"),
    ]


def test_a_syntax_error_shows_its_line_in_the_record():
    with pytest.raises(ModuleError) as caught:
        ran("def azureml_main(:")
    (frame,) = describe(caught.value, request()).frames
    assert (frame["file"], frame["line"]) == ("script.py", 1)


def test_the_spec_runs_it_in_a_process_of_its_own():
    assert request().entry.isolated is True


def bundle(tmp_path, entries):
    path = tmp_path / "bundle.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in entries.items():
            archive.writestr(name, text)
    return File(path=path, name="bundle.zip")


def test_a_bundle_brings_modules_and_data(tmp_path):
    zipped = bundle(
        tmp_path, {"bundled_rates.py": "FACTOR = 10\n", "data/words.txt": "hello", "data/": ""}
    )
    script = (
        "import bundled_rates, pandas as pd\n"
        "def azureml_main():\n"
        "    text = open('Script Bundle/data/words.txt').read()\n"
        "    return pd.DataFrame({'factor': [bundled_rates.FACTOR], 'text': [text]})\n"
    )
    before = list(sys.path)
    try:
        result = ran(script, bundle=zipped)
    finally:
        sys.modules.pop("bundled_rates", None)
    assert result.result_dataset.iloc[0].tolist() == [10, "hello"]
    assert sys.path == before


@pytest.mark.parametrize("name", ["../evil.py", "/evil.py", "a/../../evil.py", "..\\evil.py"])
def test_a_bundle_writes_nothing_outside_its_folder(name, tmp_path):
    record = refused("", kind=DataError, bundle=bundle(tmp_path, {name: "x"}))
    assert record.code == "D008"


def test_a_bundle_with_a_link_is_refused(tmp_path):
    link = zipfile.ZipInfo("link")
    link.external_attr = 0o120777 << 16
    assert (
        refused("", kind=DataError, bundle=bundle(tmp_path, {link: "/etc/passwd"})).code == "D008"
    )


def test_a_bundle_that_is_too_large_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(file, "MAXIMUM_BUNDLE_BYTES", 10)
    record = refused("", kind=DataError, bundle=bundle(tmp_path, {"a.txt": "x" * 11}))
    assert record.code == "D008"


def test_a_bundle_that_is_no_zip_is_d003(tmp_path):
    (tmp_path / "b.zip").write_bytes(b"not a zip")
    record = refused("", kind=DataError, bundle=File(path=tmp_path / "b.zip"))
    assert record.code == "D003"


def test_the_default_script_is_an_example_to_begin_with():
    default = inspect.signature(execute_python_script).parameters["python_script"].default
    assert default.startswith("import pandas as pd") and "def azureml_main(" in default


def test_the_example_runs():
    case = example()
    result = execute_python_script(**case["inputs"], **case["parameters"])
    assert result.result_dataset["total"].tolist() == [3.0, 6.0]
    assert msgspec.json.encode(case["parameters"])


def test_lines_of_libraries_are_left_out():
    with pytest.raises(KeyError) as caught:
        ran("def azureml_main(dataframe1):\n    return dataframe1['nope']\n", FRAME)
    frames = describe(caught.value, request()).frames
    assert frames[-1]["text"] == "return dataframe1['nope']"


def test_a_refusal_of_data_by_a_built_in_shows_no_lines(tmp_path):
    with pytest.raises(DataError) as caught:
        ran("", bundle=bundle(tmp_path, {"../evil.py": "x"}))
    assert describe(caught.value, request()).frames == ()
