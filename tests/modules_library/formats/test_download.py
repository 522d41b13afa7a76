import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from modules_library.formats.download import download
from runtime.errors import DataError


class Server(BaseHTTPRequestHandler):
    failures: dict[str, int]

    def do_GET(self):
        left = self.server.failures.get(self.path, 0)
        if left:
            self.server.failures[self.path] = left - 1
            self.send_error(503)
        elif self.path.startswith("/to?"):
            self.send_response(302)
            self.send_header("Location", self.path[4:])
            self.end_headers()
        elif self.path.startswith("/missing"):
            self.server.asked += 1
            self.send_error(404)
        else:
            body = b"a,b\n1,2\n" + b"3,4\n" * (500_000 if "big" in self.path else 0)
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, *args):
        pass


@pytest.fixture
def server():
    http = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    http.failures, http.asked = {}, 0
    http.url = f"http://127.0.0.1:{http.server_port}"
    thread = threading.Thread(target=http.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield http
    http.shutdown()
    http.server_close()
    thread.join()


def refused(url, folder, **options):
    with pytest.raises(DataError) as caught:
        download(url, folder, pause=lambda seconds: None, **options)
    assert caught.value.code == "D014"
    return str(caught.value)


def test_a_file_arrives_under_its_name(server, tmp_path):
    path = download(f"{server.url}/folder/my%20table.csv?x=1", tmp_path)
    assert path == tmp_path / "my table.csv" and path.read_bytes() == b"a,b\n1,2\n"


def test_what_may_pass_is_tried_three_times(server, tmp_path):
    pauses = []
    server.failures["/t.csv"] = 2
    download(f"{server.url}/t.csv", tmp_path, pause=pauses.append)
    assert pauses == [0.5, 1.0]
    server.failures["/t.csv"] = 3
    assert "503" in refused(f"{server.url}/t.csv", tmp_path)


def test_what_will_not_pass_is_tried_once(server, tmp_path):
    assert "404" in refused(f"{server.url}/missing.csv", tmp_path)
    assert server.asked == 1


def test_a_redirect_stays_on_its_host(server, tmp_path):
    assert download(f"{server.url}/to?/t.csv", tmp_path).read_bytes() == b"a,b\n1,2\n"
    words = refused(f"{server.url}/to?http://localhost:{server.server_port}/t.csv", tmp_path)
    assert "redirects to http://localhost" in words


@pytest.mark.parametrize("url", ["ftp://x/y.csv", "file:///etc/passwd", "", "http://", "a.csv"])
def test_only_http_addresses_are_taken(url, tmp_path):
    assert "no http or https address" in refused(url, tmp_path)


def test_a_redirect_to_a_file_is_refused(server, tmp_path):
    refused(f"{server.url}/to?file:///etc/passwd", tmp_path)


def test_too_large_a_file_is_refused(server, tmp_path):
    assert "larger than 1 MiB" in refused(f"{server.url}/big.csv", tmp_path, maximum_mib=1)


def test_a_server_that_is_not_there_is_named(tmp_path):
    assert "3 attempts" in refused("http://127.0.0.1:9/x.csv", tmp_path, timeout_s=2)


def test_a_name_never_leaves_the_folder(server, tmp_path):
    path = download(f"{server.url}/x/..%2F..%2Fetc%2Fpasswd", tmp_path)
    assert path.parent == tmp_path
