"""Garbage at every route of REST: whatever comes in, the answer is never a fault of ours."""

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error

from tests.designer.serving.server_process import serving

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("server")]


QUICK = settings(
    max_examples=12, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("fuzzed") / "workspace") as server:
        with server.client() as client:
            client.post("/api/v1/pipelines", json={"sample": "breast_cancer"})
        yield server


@pytest.fixture
def api(server):
    return schemathesis.openapi.from_url(
        f"{server.url}/api/v1/openapi.json", headers={"Authorization": f"Bearer {server.token}"}
    )


def test_no_request_that_the_description_allows_or_forbids_is_a_fault_of_ours(server, api):
    headers = {"Authorization": f"Bearer {server.token}"}

    def fuzz(operation):
        @QUICK
        @given(case=operation.as_strategy())
        def check(case):
            case.call_and_validate(checks=[not_a_server_error], headers=headers)

        check()

    operations = [found.ok() for found in api.get_all_operations()]
    assert len(operations) > 30
    for operation in operations:
        fuzz(operation)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3)
    ),
    max_leaves=8,
)
KEYS = st.sampled_from(
    [
        "nodes",
        "layout",
        "parameters",
        "outputs",
        "name",
        "inputs",
        "load",
        "module",
        "",
        "x-a",
        "\u0000",
    ]
)
CHANGE = st.fixed_dictionaries(
    {"path": st.lists(KEYS | st.text(max_size=5), max_size=5)},
    optional={"before": JSON, "after": JSON},
)


def test_operations_with_any_paths_and_values_leave_a_readable_pipeline(server):
    @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
    @given(changes=st.lists(CHANGE, max_size=4), name=st.uuids())
    def check(client, changes, name):
        body = {"operations": [{"id": str(name), "changes": changes}]}
        answer = client.post("/api/v1/pipelines/breast_cancer/operations", json=body)
        assert answer.status_code < 500, answer.text
        assert client.get("/api/v1/pipelines/breast_cancer").status_code == 200
        file = client.get("/api/v1/pipelines/breast_cancer/file")
        assert file.json()["format"] == 1

    with server.client() as client:
        check(client)


@pytest.mark.parametrize(
    "segment",
    ["..", "%2e%2e", "..%2f..%2fetc", "%00", "a" * 5000, "%ff", "%252e", ";x", "\\..", "​", "CON"],
)
def test_odd_names_in_addresses_are_refused_quietly(server, segment):
    with server.client() as client:
        for address in (
            "pipelines/{}",
            "runs/{}",
            "runs/{}/steps/{}/log",
            "modules/{}",
            "modules/{}/{}",
        ):
            path = address.replace("{}", segment)
            assert client.get(f"/api/v1/{path}").status_code in {400, 404}, path
