"""Which environment each step of a plan has, and what it means for reuse."""

import pytest

from runtime.errors import InvalidGraphError, RequestError
from runtime.model import Environment
from runtime.planning import PlanOptions, explain, plan, remember
from tests.runtime.fake_catalog import STEP, fake_catalog, graph_of, spec, table_in, table_out

LOAD = {"module": "data.load", "version": "1.0.0"}
NEEDY = spec(
    "data.needy", inputs=[table_in()], outputs=[table_out()], requirements=("tint>=1",), origin="draft"
)  # fmt: skip
OWN = spec("data.own", inputs=[table_in()], outputs=[table_out()], origin="workspace")


def environment(*locked, name="shades", python="3.11"):
    return Environment(name=name, python=python, locked=locked)


class Known:
    """An environment source that knows some names, and one for requirements."""

    def __init__(self, **known):
        self.known = known
        self.asked = []

    def find(self, name, requirements, *, module, target):
        self.asked.append((name, requirements, module, target))
        if name == "designer":
            return None
        if name and name not in self.known:
            raise RequestError("E001", f"There is no environment '{name}'.", remedy="Choose one.")
        return self.known[name or "implied"]


def node(module, **run):
    extra = {"run": run} if run else {}
    return {"module": module, "version": "1.0.0", "inputs": {"dataset": "load.dataset"}, **extra}


def planned(source, nodes, *, run=None, **options):
    return plan(
        graph_of({"load": LOAD, **nodes}, **({"run": run} if run else {})),
        fake_catalog(NEEDY, OWN),
        options=PlanOptions(**options),
        source_folder=None,
        file_digest=str,
        draw_seed=lambda: 1,
        python_version="3.11",
        targets=("local", "box"),
        **({"environments": source} if source else {}),
    )


def of(made, name):
    return next(step.environment for step in made.steps if step.id == name)


def test_a_node_names_its_environment():
    shades = environment("a==1")
    made = planned(Known(shades=shades), {"b": node("data.step", environment="shades")})
    assert of(made, "b") == shades and of(made, "load") is None


def test_requirements_of_a_module_ask_for_one_where_the_step_runs():
    source = Known(implied=environment("tint==1", name=""))
    made = planned(source, {"b": node("data.needy", target="box")})
    assert of(made, "b").locked == ("tint==1",)
    assert source.asked == [("", ("tint>=1",), "Needy 1.0.0", "box")]


def test_the_pipelines_choice_is_for_peoples_own_modules():
    shades = environment("a==1")
    nodes = {"b": node("data.step"), "c": node("data.own"), "d": node("data.own", environment="designer")}  # fmt: skip
    made = planned(Known(shades=shades), nodes, run={"environment": "shades"})
    assert STEP.origin == "builtin"
    assert (of(made, "b"), of(made, "c"), of(made, "d")) == (None, shades, None)


def test_a_name_that_does_not_exist_stops_planning_at_the_node_and_only_what_needs_it():
    nodes = {"b": node("data.step", environment="none"), "c": node("data.step")}
    with pytest.raises(InvalidGraphError) as caught:
        planned(Known(), nodes)
    found = [(one.code, one.where) for one in caught.value.diagnostics]
    assert found == [("E001", "/nodes/b/run/environment")]
    assert [step.id for step in planned(Known(), nodes, to=("c",)).steps] == ["load", "c"]


def test_without_a_workspace_no_environment_can_be_named():
    with pytest.raises(InvalidGraphError, match="E001"):
        planned(None, {"b": node("data.step", environment="shades")})
    assert of(planned(None, {"b": node("data.step", environment="designer")}), "b") is None


def recipe(*locked, python="3.11", name="shades"):
    source = Known(shades=environment(*locked, python=python, name=name))
    made = planned(source, {"b": node("data.own", environment="shades")})
    return next(step for step in made.steps if step.id == "b")


def test_packages_and_python_are_in_the_recipe_and_names_are_not():
    first = recipe("a==1", "b==2")
    assert recipe("a==1", "b==2", name="other").recipe == first.recipe
    assert recipe("a==1", "b==3").recipe != first.recipe
    assert recipe("a==1", "b==2", python="3.12").recipe != first.recipe


def reason(before, now):
    return explain(remember(before, {}), now, {})


def test_a_changed_environment_is_told_in_words():
    first = recipe("a==1", "b==2")
    assert reason(first, recipe("a==1", "b==3", "c==1")) == (
        "environment 'shades': b 2 to 3, c 1 is new"
    )
    assert reason(first, recipe("a==1", "b==2", python="3.12")) == (
        "environment 'shades': Python 3.11 to 3.12"
    )
    own = planned(Known(), {"b": node("data.own")}).steps[-1]
    assert reason(own, first) == "environment 'designer' was replaced by 'shades'"
