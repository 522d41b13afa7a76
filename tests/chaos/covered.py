"""Rows that tests elsewhere cover, and those that the product has no part for yet."""

from tests.chaos.row import Row

ROWS = (
    Row(
        id="R-10",
        done="2 to 20 editors on one pipeline in seeded interleavings, over a network that loses and repeats",
        part="merging in Python and in the browser's code, REST, `designer.db`",
        goal="0 lost updates, disjoint edits merge",
        tests=(
            "tests/web/test_interleavings.py",
            "tests/designer/services/test_merging.py",
            "tests/designer/services/test_drafts.py",
        ),
    ),
    Row(
        id="R-11",
        done="server killed, browser killed, network cut while drawing",
        part="Chromium, server process, `designer.db`",
        goal="≤ 1 s of edits lost on a kill, 0 on a cut",
        tests=("tests/end_to_end/test_killed_and_cut_off.py", "tests/end_to_end/test_nothing_is_lost.py"),
    ),
    Row(
        id="R-12",
        done="steps that take more memory than there is",
        part="worker processes",
        goal="told apart from a crash, other steps unaffected",
        tests=(
            "tests/runtime/execution/test_steps_that_go_wrong.py::test_a_step_that_allocates_without_end_is_told_apart",
        ),
        missing="100 such deaths mixed into other runs",
    ),
    Row(
        id="R-17",
        done="connection cut, host gone and back, agent killed, connection frozen",
        part="a real sshd, and a host that lies",
        goal="same attempt collected afterwards, 0 double executions",
        tests=("tests/runtime/targets/test_remote_faults.py",),
        missing="a black hole in a network namespace; other kinds of target",
    ),
    Row(
        id="R-18",
        done="bytes flipped and cut off on their way",
        part="a host that lies, a real sshd",
        goal="seen by digest, resumed, 0 accepted",
        tests=(
            "tests/runtime/targets/test_remote_faults.py::test_damage_on_the_way_is_seen_and_sent_again",
            "tests/runtime/targets/test_remote_faults.py::test_what_arrives_damaged_every_time_fails_the_step",
        ),
    ),
    Row(id="R-20", done="schedules", part="–", goal="exactly once", missing="there are no schedules yet"),
    Row(
        id="R-21",
        done="triggers by files",
        part="–",
        goal="each version once",
        missing="there are no triggers by files yet",
    ),
)  # fmt: skip
