"""What a preview says, and that the run then does it."""

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runtime.execution.embedded import hosted_engine, run_plan
from runtime.execution.previewing import preview
from runtime.model import ArtifactRef
from runtime.planning import PartialPlan
from runtime.planning.resolution import BLANK_SEED, CHANGES_BY_ITSELF
from runtime.stores import FolderArtifactStore, SqliteRunStore, Workspace
from tests.runtime.execution.plans import chain, plan, step


def previewed(made, workspace, *, invalid=None, cpus=2):
    store = SqliteRunStore(workspace.runs_db)
    artifacts = FolderArtifactStore(workspace.artifacts)
    try:
        return preview(PartialPlan(made, invalid or {}), store, artifacts, cpus=cpus)
    finally:
        store.close()


def outcomes(seen):
    return {one.step: one.outcome for one in seen.steps}


def told(seen, name):
    return next(one for one in seen.steps if one.step == name)


def three(middle=1, **fields):
    return plan(
        step("first", parameters={"value": 1}),
        step("middle", ["first"], parameters={"value": middle}, **fields),
        step("last", ["middle"]),
    )


def test_before_the_first_run_everything_runs_and_nobody_knows_how_long(workspace):
    seen = previewed(three(), workspace)
    assert outcomes(seen) == {"first": "runs", "middle": "runs", "last": "runs"}
    assert told(seen, "first").reason == "first run of this module version"
    assert (told(seen, "first").is_certain, told(seen, "last").is_certain) == (True, False)
    assert seen.summary == "3 run, no past run says how long"
    assert seen.can_run


def test_after_it_everything_is_reused_and_it_is_told_from_where(workspace):
    ran = run_plan(three(), workspace)
    seen = previewed(three(), workspace)
    first = told(seen, "first")
    assert (first.outcome, first.from_run, first.from_run_id) == ("reused", 1, ran.id)
    assert first.made_at == ran.steps["first"].finished_at
    assert (first.estimate, seen.summary) == (None, "3 reused")


def test_a_changed_parameter_runs_its_step_and_what_reads_from_it(workspace):
    run_plan(three(), workspace)
    seen = previewed(three(middle=5), workspace)
    assert outcomes(seen) == {"first": "reused", "middle": "runs", "last": "runs"}
    assert told(seen, "middle").reason == "parameter 'value' changed from 1 to 5"
    assert told(seen, "last").reason == "it reads from 'middle', which runs"
    assert not told(seen, "last").is_certain


def test_what_reads_from_a_repeated_step_is_probably_reused(workspace):
    run_plan(three(), workspace)
    seen = previewed(three(reuse=False, fresh_because="reuse is switched off"), workspace)
    assert outcomes(seen) == {"first": "reused", "middle": "runs", "last": "probably_reused"}
    assert told(seen, "last").reason == "if 'middle' gives the same again"
    assert seen.summary.startswith("1 runs, 1 reused, 1 probably reused, ")


@pytest.mark.parametrize("why", [BLANK_SEED, CHANGES_BY_ITSELF])
def test_what_reads_from_a_step_that_changes_by_itself_runs(workspace, why):
    run_plan(three(), workspace)
    seen = previewed(three(reuse=False, fresh_because=why), workspace)
    assert outcomes(seen) == {"first": "reused", "middle": "runs", "last": "runs"}


def test_a_removed_artifact_is_made_again_and_what_follows_is_probably_reused(workspace):
    ran = run_plan(chain(3), workspace)
    FolderArtifactStore(workspace.artifacts).remove(ran.steps["s1"].outputs["value"].digest)
    seen = previewed(chain(3), workspace)
    assert outcomes(seen) == {"s0": "reused", "s1": "runs", "s2": "probably_reused"}
    assert told(seen, "s1").reason == "its stored outputs are gone"


def test_a_step_that_is_left_alone_is_kept(workspace):
    run_plan(three(), workspace)
    seen = previewed(
        plan(step("first", parameters={"value": 99}, stored=True), step("middle", ["first"])),
        workspace,
    )
    assert told(seen, "first").outcome == "keeps" and told(seen, "first").from_run == 1


def test_a_frozen_step_says_when_its_outputs_were_made(workspace):
    ran = run_plan(three(), workspace)
    digest = ran.steps["first"].outputs["value"].digest
    bare = {"value": ArtifactRef(type="Value", digest=digest, bytes=0, format="")}
    seen = previewed(plan(step("x", call="fail", frozen=bare), step("last", ["x"])), workspace)
    frozen = told(seen, "x")
    assert (frozen.outcome, frozen.from_run) == ("frozen", 1)
    assert frozen.made_at == ran.steps["first"].finished_at
    assert run_plan(plan(step("x", call="fail", frozen=bare)), workspace).status == "completed"


def test_what_is_left_out_says_why(workspace):
    made = plan(
        step("a"),
        skipped={"off": "It is disabled."},
        waiting={"b": "It waits."},
        stopped_before=("b",),
    )
    problem = {"bad": ()}
    seen = previewed(made, workspace, invalid={name: (_error(),) for name in problem})
    assert outcomes(seen) == {"a": "runs", "bad": "invalid", "off": "skipped", "b": "waits"}
    assert not seen.can_run and told(seen, "bad").diagnostics[0].code == "V003"
    assert seen.stopped_before == ("b",)


def _error():
    from runtime.model import Diagnostic

    return Diagnostic(code="V003", message="Too small.")


def test_estimates_come_from_the_same_module_version_on_inputs_of_a_similar_size(workspace):
    run_plan(plan(step("a", call="hang", parameters={"seconds": 0.2})), workspace)
    same = previewed(plan(step("b", call="hang", parameters={"seconds": 0.2})), workspace)
    assert outcomes(same) == {"b": "reused"}
    other = told(
        previewed(plan(step("b", call="hang", parameters={"seconds": 0.3})), workspace), "b"
    )
    assert other.estimate.basis == "module" and 0.2 <= other.estimate.typical_s < 2
    assert other.estimate.memory_bytes > 1 << 20
    fresh = step("a", call="hang", parameters={"seconds": 0.2}, reuse=False, fresh_because="asked")
    assert told(previewed(plan(fresh), workspace), "a").estimate.basis == "settings"


def test_an_input_of_another_size_has_no_estimate(workspace):
    big = step("big", call="big", parameters={"bytes": 100_000})
    run_plan(plan(step("small", parameters={"value": 1}), step("sum", ["small"])), workspace)
    run_plan(plan(big), workspace)
    assert told(previewed(plan(big, step("sum", ["big"])), workspace), "sum").estimate is None


def test_the_forecast_names_the_long_pole(workspace):
    made = plan(
        step("short", call="hang", parameters={"seconds": 0.01}),
        step("long", call="hang", parameters={"seconds": 0.3}),
        step("end", ["short", "long"]),
    )
    run_plan(made, workspace)
    steps = [
        msgspec.structs.replace(one, reuse=False, fresh_because="asked", lineage="")
        for one in made.steps
    ]
    forecast = previewed(plan(*steps), workspace).forecast
    assert forecast.long_pole == "long" and forecast.critical_path == ("long", "end")
    assert forecast.low_s <= forecast.typical_s <= forecast.high_s
    assert 0.3 <= forecast.typical_s < 0.3 + sum([0.01, 2])


def content_of(folder):
    return {
        path: path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix not in (".db-wal", ".db-shm") and "-" not in path.suffix
    }


def test_nothing_is_written(workspace):
    run_plan(three(), workspace)
    before = content_of(workspace.path)
    previewed(three(middle=2), workspace)
    assert content_of(workspace.path) == before


# -- preview and run agree -----------------------------------------------------------------------

NAMES = [f"s{n}" for n in range(6)]
NEEDS = {"s0": [], "s1": ["s0"], "s2": ["s0"], "s3": ["s1", "s2"], "s4": ["s2"], "s5": ["s3"]}
names = st.sampled_from(NAMES)
change = st.one_of(
    st.tuples(st.just("set"), names, st.integers(0, 2)),
    st.tuples(st.just("fresh"), names, st.sampled_from(["asked", BLANK_SEED])),
    st.tuples(st.just("lose"), names, st.just(0)),
    st.tuples(st.just("keep"), names, st.just(0)),
    st.tuples(st.just("same"), names, st.just(0)),
)


class Round:
    """The same six steps again and again, each time a little different."""

    def __init__(self, workspace):
        self.workspace = workspace
        self.values = dict.fromkeys(NAMES, 0)

    def plan(self, kind, name, what):
        if kind == "set":
            self.values[name] = what
        kept = set(NEEDS[name]) if kind == "keep" else set()
        fresh = {"reuse": False, "fresh_because": what} if kind == "fresh" else {}
        return plan(
            *[
                step(
                    one,
                    NEEDS[one],
                    parameters={"value": self.values[one]},
                    stored=one in kept,
                    **(fresh if one == name else {}),
                )
                for one in NAMES
            ]
        )


def executed(engine, made):
    run = engine.submit(made)
    while engine.is_live(run.id):
        engine.turn()
    return engine.ended(run)


@pytest.mark.slow
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(changes=st.lists(change, min_size=3, max_size=8))
def test_what_a_preview_is_certain_of_is_what_the_run_does(tmp_path_factory, changes):
    workspace = Workspace(tmp_path_factory.mktemp("preview"))
    artifacts = FolderArtifactStore(workspace.artifacts)
    rounds = Round(workspace)
    with hosted_engine(workspace, None) as engine:
        ran = executed(engine, rounds.plan("same", "s0", 0))
        for kind, name, what in changes:
            if kind == "lose":
                artifacts.remove(ran.steps[name].outputs["value"].digest)
            made = rounds.plan(kind, name, what)
            seen = preview(PartialPlan(made, {}), engine.store, artifacts, cpus=2)
            ran = executed(engine, made)
            for one in seen.steps:
                step_run = ran.steps[one.step]
                if one.outcome in ("reused", "keeps"):
                    assert step_run.reused and step_run.reason == one.reason, (one, step_run)
                    assert step_run.reused_from == one.from_run_id
                elif one.is_certain:
                    assert not step_run.reused and step_run.reason == one.reason, (one, step_run)
                elif one.outcome == "probably_reused" and kind in ("lose", "keep"):
                    assert step_run.reused, (one, step_run)
