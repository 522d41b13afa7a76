"""The pages' drawings: what they say when there is much, little and nothing; names are text."""

import msgspec
import pytest

from designer.pages import library_list, run_list, run_view
from designer.pages.module_view import Shown as ModuleShown
from designer.pages.module_view import draw_module
from designer.pages.pipeline_list import Refusal, draw_pipelines
from designer.pages.pipeline_list import Shown as Pipelines
from designer.pages.pipelines import read_refusal
from designer.pages.settings_view import draw_settings
from designer.pages.thumbnail import draw_thumbnail
from designer.services.answers import FileProblem, LastRun, PipelineCard, Sample, Thumbnail
from designer.services.module_sources import SourceFile
from runtime.execution.critical_path import CriticalPath, Link
from runtime.model import (
    ArtifactRef,
    Diagnostic,
    Entry,
    ErrorRecord,
    InputPort,
    ModuleSpec,
    OutputPort,
    ParameterSpec,
    Run,
    StepRun,
)

HOSTILE = '<img src=x onerror=alert(1)>":x=alert(1)'
DIGEST = "b3:" + "0" * 64


def card(name="Churn", **more):
    fields = {"id": "churn", "description": "", "revision": 1, "modified_at": 1e9, "node_count": 2}
    return PipelineCard(**{"name": name, **fields, **more})


def is_safe(html: str) -> bool:
    return "<img" not in html and "<script" not in html


class TestPipelines:
    def test_an_empty_workspace_is_taught_by_its_samples(self):
        sample = Sample(id="breast_cancer", name="Breast cancer", description="Compares two.")
        drawn = draw_pipelines(Pipelines(cards=(), samples=(sample,)))
        assert "No pipeline yet" in drawn
        assert "Start from a sample" in drawn and 'data-value="breast_cancer"' in drawn

    def test_a_card_says_what_the_last_run_was_in_shape_and_word(self):
        last = LastRun(id="r1", number=7, status="failed")
        drawn = draw_pipelines(Pipelines(cards=(card(last_run=last),)))
        assert "pg-status-failed" in drawn and "Failed" in drawn and "run 7" in drawn
        assert 'href="/runs/r1"' in drawn

    def test_search_looks_at_name_and_description(self):
        cards = (card("Churn", id="a"), card("Sales", id="b", description="monthly churn"))
        found = draw_pipelines(Pipelines(cards=cards, search="CHURN monthly"))
        assert 'data-key="pipeline b"' in found and 'data-key="pipeline a"' not in found

    def test_a_file_that_cannot_be_read_is_a_row_that_says_where_and_what_to_do(self):
        wrong = Diagnostic(code="G001", message=f"Not JSON at line 3. {HOSTILE}", remedy="")
        problem = FileProblem(file="x.json", diagnostics=(wrong, wrong))
        drawn = draw_pipelines(Pipelines(cards=(card(),), problems=(problem,)))
        assert "x.json" in drawn and "could not be read: Not JSON at line 3." in drawn
        assert "G001" in drawn and "1 more problem" in drawn and "Correct the file" in drawn
        assert is_safe(drawn)
        assert "could not be read" not in draw_pipelines(Pipelines(cards=(card(),)))

    def test_a_search_without_result_says_so(self):
        assert "Nothing found for" in draw_pipelines(Pipelines(cards=(card(),), search="zzz"))

    @pytest.mark.parametrize(("sort", "first"), [("name", "A"), ("nodes", "B"), ("modified", "C")])
    def test_sorting(self, sort, first):
        cards = (
            card("B", id="b", node_count=9, modified_at=1),
            card("A", id="a", modified_at=2),
            card("C", id="c", modified_at=3),
        )
        drawn = draw_pipelines(Pipelines(cards=cards, sort=sort))
        assert drawn.index(f">{first}</a>") == min(drawn.index(f">{n}</a>") for n in "ABC")

    def test_a_refused_graph_lists_every_problem_with_place_and_remedy(self):
        problem = Diagnostic(code="G009", message="No node.", remedy="Add it.", where="/nodes/a")
        error = ErrorRecord(code="G009", message="No node.")
        refusal = Refusal(error=error, diagnostics=(problem, problem))
        drawn = draw_pipelines(Pipelines(cards=(), refusal=refusal))
        assert "2 problems" in drawn and "/nodes/a" in drawn and "Add it." in drawn

    def test_what_the_browser_reports_of_a_refusal_is_read_back(self):
        text = msgspec.json.encode({"error": {"code": "G001", "message": "no"}, "diagnostics": []})
        assert read_refusal(text.decode()).error.message == "no"
        assert "could not be imported" in read_refusal("{nonsense").error.message

    def test_hostile_names_are_text(self):
        cards = (card(HOSTILE, id=HOSTILE, description=HOSTILE),)
        sample = Sample(id=HOSTILE, name=HOSTILE, description=HOSTILE)
        shown = Pipelines(cards=cards, bin=cards, samples=(sample,), search="img")
        assert is_safe(draw_pipelines(shown))


class TestThumbnail:
    def test_nodes_stay_inside_the_picture(self):
        nodes = tuple((x * 5000.0, -x * 900.0, "classification") for x in range(20))
        drawn = draw_thumbnail(Thumbnail(nodes=nodes, wires=((0, 1), (5, 99))))
        xs = [float(part.split('"')[1]) for part in drawn.split(" x=")[1:]]
        assert min(xs) >= 0 and max(xs) <= 240
        assert drawn.count("pg-thumbnail-wire") == 1

    def test_a_category_cannot_bring_style(self):
        looks = Thumbnail(nodes=((0.0, 0.0, "a;background:url(//x)"),))
        assert "url" not in draw_thumbnail(looks).replace("abackgroundurlx", "")


class TestRuns:
    def line(self, **more):
        steps = {
            "a": StepRun(step="a", status="completed", seconds=1),
            "b": StepRun(step="b", status="completed", reused=True),
            "c": StepRun(step="c", status="failed"),
        }
        fields = {"id": "r1", "number": 3, "name": "Churn", "status": "failed", "steps": steps}
        return run_list.RunLine.of(Run(**{**fields, **more}))

    def test_steps_are_counted_by_what_became_of_them(self):
        drawn = run_list.draw_runs(run_list.Shown(lines=(self.line(),)))
        assert "1 ran, 1 reused, 1 failed" in drawn

    def test_an_empty_history_shows_the_first_step(self):
        drawn = run_list.draw_runs(run_list.Shown(lines=()))
        assert "Nothing has run yet" in drawn and 'href="/pipelines"' in drawn

    def test_filters_that_fit_nothing_can_be_taken_away(self):
        drawn = run_list.draw_runs(run_list.Shown(lines=(), status="failed"))
        assert "No run fits" in drawn and 'data-action="clear"' in drawn

    def test_only_a_going_run_can_be_cancelled(self):
        going = self.line(status="running", started_at=1.0)
        assert 'data-action="cancel"' in run_list.draw_runs(run_list.Shown(lines=(going,)))
        assert 'data-action="cancel"' not in run_list.draw_runs(
            run_list.Shown(lines=(self.line(),))
        )

    def test_older_runs_are_a_page_away(self):
        drawn = run_list.draw_runs(run_list.Shown(lines=(self.line(),), older_than=3))
        assert 'data-action="older" data-value="3"' in drawn

    def test_hostile_names_are_text(self):
        line = self.line(name=HOSTILE, author=HOSTILE, detail=HOSTILE, id=HOSTILE)
        shown = run_list.Shown(lines=(line,), pipelines=((HOSTILE, HOSTILE),), search=HOSTILE)
        assert is_safe(run_list.draw_runs(shown))


class TestRun:
    def run_of(self, *steps, **more):
        fields = {"id": "r1", "number": 3, "name": "Churn", "status": "completed"}
        return Run(**{**fields, "steps": {step.step: step for step in steps}, **more})

    def draw(self, run, chosen=""):
        order = tuple(run.steps)
        return run_view.draw_run(run, order=order, chosen=chosen, has_pipeline=True)

    def test_a_reused_step_leads_to_the_run_it_came_from(self):
        step = StepRun(
            step="a", status="completed", reused=True, reused_from="r0", reason="as in run 1"
        )
        drawn = self.draw(self.run_of(step))
        assert 'href="/runs/r0?step=a"' in drawn and "as in run 1" in drawn

    def test_outputs_say_their_type_and_size(self):
        ref = ArtifactRef(
            type="Table",
            digest=DIGEST,
            bytes=10,
            format="arrow",
            summary={"rows": 1200, "columns": 3},
        )
        drawn = self.draw(self.run_of(StepRun(step="a", status="completed", outputs={"out": ref})))
        assert "1,200 × 3" in drawn and "out: Table" in drawn

    def test_the_time_line_starts_where_the_run_does(self):
        first = StepRun(step="a", status="completed", started_at=100, finished_at=101, seconds=1)
        last = StepRun(step="b", status="completed", started_at=101, finished_at=104, seconds=2)
        drawn = self.draw(self.run_of(first, last, started_at=100, finished_at=104))
        assert "left: min(0.00%, 100% - 3px); width: max(3px, 25.00%)" in drawn
        assert "left: min(50.00%, 100% - 3px); width: max(3px, 50.00%)" in drawn
        assert "waited 1.00 s" in drawn

    def test_a_failed_step_says_why_in_its_row(self):
        error = ErrorRecord(code="M008", message="ValueError: no", remedy="Look at line 3.")
        drawn = self.draw(self.run_of(StepRun(step="a", status="failed", error=error)))
        assert "ValueError: no" in drawn

    def test_a_run_of_a_pipeline_that_is_gone_can_only_be_repeated_as_it_was(self):
        run = self.run_of(pipeline_id="gone")
        drawn = run_view.draw_run(run, order=(), chosen="", has_pipeline=False)
        assert 'data-action="rerun"' not in drawn and "This pipeline is gone" in drawn
        assert "As it was in run" in drawn and "newest" not in drawn

    def test_the_longest_chain_is_a_sentence_and_a_note_at_each_of_its_steps(self):
        run = self.run_of(
            StepRun(step="a", label=HOSTILE, status="completed"),
            StepRun(step="b", label="Train", status="completed"),
            StepRun(step="c", label="Beside", status="completed"),
        )
        links = (Link(step="a", waited_s=0.5, worked_s=1), Link(step="b", waited_s=0, worked_s=3))
        path = CriticalPath(links=links, seconds=4.5, run_seconds=6)
        drawn = run_view.draw_run(
            run, order=("a", "b", "c"), chosen="", has_pipeline=True, longest=path
        )
        assert "The longest chain took 4.50 s of 6.00 s: " in drawn
        assert 'data-action="step" data-value="b">Train</button></span></p>' in drawn
        assert drawn.count("pg-on-chain") == 2
        assert 'title="Longest chain, step 1 of 2: waited 0.50 s, worked 1.00 s"' in drawn
        head = run_view.draw_step_head(run.steps["b"], path)
        assert "2 of 2, waited &lt; 1 ms, worked 3.00 s" in head
        assert "Longest chain" not in run_view.draw_step_head(run.steps["c"], path)
        assert HOSTILE not in drawn

    def test_the_chosen_step_is_marked(self):
        drawn = self.draw(self.run_of(StepRun(step="a", status="completed")), chosen="a")
        assert 'aria-selected="true"' in drawn

    def test_hostile_words_are_text(self):
        ref = ArtifactRef(
            type=HOSTILE, digest=DIGEST, bytes=1, format="json", summary={"task": HOSTILE}
        )
        error = ErrorRecord(code="M008", message=HOSTILE, remedy=HOSTILE)
        step = StepRun(
            step=HOSTILE,
            label=HOSTILE,
            module=HOSTILE,
            reason=HOSTILE,
            detail=HOSTILE,
            metrics={HOSTILE: HOSTILE},
            outputs={HOSTILE: ref},
            error=error,
            reused_from=HOSTILE,
        )
        run = self.run_of(step, name=HOSTILE, parameters={HOSTILE: HOSTILE}, graph_hash=HOSTILE)
        assert is_safe(self.draw(run)) and is_safe(run_view.draw_step_head(step))


def module_card(**more):
    versions = [version("1.0.0"), version("1.1.0", state="deprecated", message="slow")]
    fields = {
        "id": "data_transformation.split",
        "title": "Split",
        "category": "data_transformation",
        "icon": "",
        "summary": "Divide rows.",
        "default": "1.0.0",
        "versions": versions,
        "spec": None,
        "error": None,
        "origin": "builtin",
    }
    return {**fields, **more}


def version(number, **more):
    fields = {
        "version": number,
        "state": "active",
        "message": "",
        "replacement": "",
        "digest": DIGEST,
        "published_at": "",
        "author": "",
        "changelog": "",
    }
    return {**fields, **more}


def spec_of(**more):
    fields = {
        "id": "data_transformation.split",
        "version": "1.0.0",
        "digest": DIGEST,
        "title": "Split",
        "category": "data_transformation",
        "summary": "Divide rows.",
        "entry": Entry(executor="a:b", source="/x/split.py"),
    }
    return ModuleSpec(**{**fields, **more})


class TestLibrary:
    def draw(self, *cards, **more):
        return library_list.draw_library(
            library_list.Shown(cards=cards, folder="/w/modules", **more)
        )

    def test_modules_stand_in_their_category(self):
        drawn = self.draw(module_card())
        assert "<h2>Data transformation</h2>" in drawn and "Divide rows." in drawn

    def test_a_broken_draft_says_what_is_wrong(self):
        error = {"code": "M007", "message": "Line 3: unexpected indent", "remedy": "", "where": ""}
        broken = module_card(id="custom.x", origin="draft", versions=[], default=None, error=error)
        drawn = self.draw(broken, state="broken")
        assert "pg-state-broken" in drawn and "unexpected indent" in drawn

    def test_states_filter(self):
        shown = library_list.Shown(cards=(module_card(),), folder="", state="disabled")
        assert library_list.matching(shown) == []
        shown = library_list.Shown(cards=(module_card(),), folder="", state="deprecated")
        assert len(library_list.matching(shown)) == 1

    def test_without_modules_of_your_own_you_see_how_to_write_one(self):
        drawn = self.draw(module_card(), category=library_list.YOURS)
        assert "/w/modules/drop_negative.py" in drawn and "drop_negative" in drawn

    def test_the_example_that_is_shown_is_a_module(self, tmp_path):
        from modules_library.sdk.source import spec_from_source

        path = tmp_path / "drop_negative.py"
        path.write_text(library_list.EXAMPLE)
        spec = spec_from_source(path, module_id="custom.drop_negative", root=tmp_path).spec
        assert [port.name for port in spec.inputs] == ["dataset"]
        assert spec.parameters[0].kind == "column"

    def test_hostile_names_are_text(self):
        assert is_safe(
            self.draw(module_card(title=HOSTILE, summary=HOSTILE, category=HOSTILE, icon=HOSTILE))
        )


class TestModule:
    def draw(self, card=None, spec=None, *, sources=(), **usage):
        return draw_module(
            ModuleShown(
                card=card or module_card(), spec=spec or spec_of(), sources=sources, usage=usage
            )
        )

    def test_a_script_says_so_and_shows_its_files_the_first_one_open(self):
        sources = [
            SourceFile(name="main.py", bytes=2, html="<pre>ok</pre>"),
            SourceFile(name=HOSTILE, bytes=3_000, html=""),
        ]
        drawn = self.draw(spec=spec_of(kind="script"), sources=sources)
        assert "Python script" in drawn and "<pre>ok</pre>" in drawn and is_safe(drawn)
        assert "3,000 bytes, not shown here." in drawn
        first, second = drawn.split('data-key="source-')[1:]
        assert first.startswith('main.py" open') and " open" not in second.partition(">")[0]

    def test_a_deprecated_version_says_what_to_use_instead(self):
        spec = spec_of(state="deprecated", state_message="Slow.", replacement="custom.fast@2.0.0")
        drawn = self.draw(spec=spec)
        assert "Slow." in drawn and 'href="/library/custom.fast"' in drawn

    def test_a_draft_is_published_and_a_version_is_not(self):
        draft = spec_of(version="draft", origin="draft")
        card = module_card(versions=[version("draft")], default=None, origin="draft")
        assert 'id="publish"' in self.draw(card, draft)
        assert 'id="publish"' not in self.draw()

    def test_only_another_version_can_become_the_default(self):
        assert "Make it the default" not in self.draw()
        assert "Make it the default" in self.draw(spec=spec_of(version="1.1.0"))

    def test_limits_options_and_conditions_of_parameters_are_said(self):
        parameter = ParameterSpec(
            name="fraction", kind="float", default=0.5, minimum=0, maximum=1, exclusive_minimum=True
        )
        drawn = self.draw(spec=spec_of(parameters=(parameter,)))
        assert "&gt; 0, ≤ 1" in drawn

    def test_who_uses_it_is_linked(self):
        drawn = self.draw(pipelines=[{"id": "p", "name": "Churn", "versions": ["1.0.0"]}], runs=[])
        assert 'href="/pipelines/p"' in drawn

    def test_hostile_words_are_text(self):
        spec = spec_of(
            title=HOSTILE,
            summary=HOSTILE,
            documentation=HOSTILE,
            author=HOSTILE,
            state="deprecated",
            state_message=HOSTILE,
            replacement=HOSTILE,
            tags=(HOSTILE,),
            inputs=(InputPort(name=HOSTILE, type=HOSTILE, description=HOSTILE),),
            outputs=(OutputPort(name=HOSTILE, type=HOSTILE),),
            parameters=(
                ParameterSpec(name=HOSTILE, kind="enum", default=HOSTILE, options=(HOSTILE,)),
            ),
        )
        card = module_card(
            title=HOSTILE, summary=HOSTILE, versions=[version("1.0.0", changelog=HOSTILE)]
        )
        usage = {"pipelines": [{"id": HOSTILE, "name": HOSTILE, "versions": [HOSTILE]}], "runs": []}
        assert is_safe(self.draw(card, spec, **usage))


def test_settings_say_what_takes_the_disk():
    disk = {"free": 5e9, "parts": {"artifacts": 2_000_000, "logs": 0}, "by_type": {"Table": 1000}}
    facts = {
        "path": "/w",
        "disk": disk,
        "runner": {"connected": True},
        "versions": {"designer": "1.0"},
    }
    drawn = draw_settings(facts)
    assert "2.0 MB" in drawn and "Table 1.0 kB" in drawn and "/w/server/token" in drawn
    assert "Ready" in drawn and "5.0 GB free" in drawn
