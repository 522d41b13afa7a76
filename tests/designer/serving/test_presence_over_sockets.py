"""Presence over real sockets: who goes is gone, also when the line dies without a word."""

import base64
import json
import os
import socket
from urllib.parse import urlsplit

import pytest

from tests.designer.serving.server_process import serving

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("server")]

WAITS_AT_MOST_S = 30


@pytest.fixture
def server(tmp_path):
    with serving(tmp_path / "workspace") as server:
        with server.client() as client:
            client.post("/api/v1/pipelines", json={"name": "p"}).raise_for_status()
        yield server


def mute_page(server):
    """A page whose line carries nothing back any more, not even the answer to a ping."""
    address = urlsplit(server.url)
    line = socket.create_connection((address.hostname, address.port))
    key = base64.b64encode(os.urandom(16)).decode()
    headers = {
        "Host": address.netloc,
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Key": key,
        "Sec-WebSocket-Version": "13",
        "Authorization": f"Bearer {server.token}",
    }
    lines = ["GET /api/v1/push?pipeline=p&client=mute.1 HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    line.sendall("\r\n".join([*lines, "", ""]).encode())
    assert b"101" in line.recv(4096)
    return line


def wait_for_count(page, count):
    """Read until the page is told that so many editors are open."""
    while True:
        message = json.loads(page.recv(timeout=WAITS_AT_MOST_S))
        if message["kind"] == "presence" and message["clients"] == count:
            return message


def test_a_page_whose_line_is_dead_is_gone_before_long(server):
    with server.push("p") as page:
        line = mute_page(server)
        wait_for_count(page, 2)
        wait_for_count(page, 1)
        line.close()


def test_a_page_that_closes_is_gone(server):
    with server.push("p") as page:
        with server.push("p"):
            wait_for_count(page, 2)
        wait_for_count(page, 1)
