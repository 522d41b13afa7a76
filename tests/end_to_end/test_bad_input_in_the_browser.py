"""What is wrong is seen where it is: in the problems list, at the node, in its error tab."""

import pytest
from playwright.sync_api import expect

from tests.end_to_end.editor_driver import Editor

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ROWS = {
    "module": "data_input_output.enter_data_manually",
    "version": "1.0.0",
    "parameters": {"data": "x,y\n1,a\n2,a\n"},
}


def distinct(source):
    return {
        "module": "data_transformation.remove_duplicate_rows",
        "version": "1.0.0",
        "inputs": {"dataset": source},
    }


def opened(page, designer, **nodes):
    graph = {"format": 1, "nodes": nodes}
    pipeline = designer.api("POST", "/pipelines", {"graph": graph})["id"]
    return Editor(page).open(designer.url, pipeline)


def test_every_problem_of_a_graph_is_listed_with_code_remedy_and_place(page, designer):
    opened(
        page,
        designer,
        a=distinct("b.results_dataset"),
        b=distinct("a.results_dataset"),
        unknown={"module": "custom.not_there", "version": "1.0.0"},
    )
    problems = page.locator(".ed-problems li")
    for code, words in (("G008", "Remove one of the wires"), ("M001", "custom.not_there")):
        item = problems.filter(has_text=code)
        if not item.first.is_visible():
            page.get_by_text("problem", exact=False).first.click()
        expect(item.first).to_contain_text(words)


def test_a_failed_step_shows_its_code_and_remedy_and_the_others_keep_their_results(page, designer):
    label = {"label_column": "nothing"}
    wires = {"dataset": "data.dataset", "untrained_model": "learner.untrained_model"}
    editor = opened(
        page,
        designer,
        data=ROWS,
        learner={"module": "classification.two_class_logistic_regression", "version": "1.0.0"},
        train={"module": "model_training.train_model", "version": "1.0.0"}
        | {"inputs": wires, "parameters": label},
    )
    editor.run()
    steps = editor.wait_for_status("failed")
    assert steps["data"]["status"] == "completed"
    editor.select("train")
    page.get_by_role("button", name="Show the error").click()
    error = page.locator(".ed-error-view")
    expect(error).to_contain_text("D005")
    expect(error).to_contain_text("nothing")
    expect(error).to_contain_text("Choose one of the columns")
