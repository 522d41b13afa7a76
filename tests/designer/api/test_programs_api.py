"""Scripts, commands and notebooks over REST: their kind, and their sources file by file."""

from modules_library.programs.start import start_of


async def shown(client, services, kind):
    folder = services.workspace.path / "modules" / f"my_{kind}"
    folder.mkdir(parents=True)
    for name, text in start_of(kind, folder.name).items():
        (folder / name).write_text(text)
    (folder / "blob").write_bytes(b"\0\1")
    published = await client.post(f"/api/v1/modules/custom.my_{kind}/publish", json={})
    assert published.status_code == 201, published.text
    return (await client.get(f"/api/v1/modules/custom.my_{kind}/1.0.0")).json()


async def test_a_script_is_shown_file_by_file_what_is_run_first(client, services):
    version = await shown(client, services, "script")
    sources = version["sources"]
    assert version["kind"] == "script"
    assert [one["name"] for one in sources] == ["main.py", "module.toml", "blob", "example.csv"]
    assert version["source_html"] == sources[0]["html"] and 'id="L-1"' in sources[0]["html"]
    assert 'id="L2-1"' in sources[1]["html"] and sources[2] == {
        "name": "blob",
        "bytes": 2,
        "html": "",
    }


async def test_a_broken_script_is_refused_with_its_line(client, services):
    folder = services.workspace.path / "modules" / "broken"
    folder.mkdir(parents=True)
    (folder / "module.toml").write_text('kind = "script"\nversion = "1"\nentry = "no.py"\n')
    refused = await client.post("/api/v1/modules/custom.broken/publish", json={})
    assert refused.status_code == 422, refused.text
    error = refused.json()["error"]
    assert error["code"] == "M016" and error["where"] == "module.toml:3"
