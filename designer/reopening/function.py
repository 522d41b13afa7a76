"""The folder of a reopened step that is a Python function."""

import sys
from pathlib import Path

import msgspec

from designer.reopening.batch import narrowed
from designer.reopening.notebook import notebook
from designer.reopening.placing import copy_files, place_inputs
from designer.reopening.readme import how_to_call, launch, readme
from designer.reopening.request import asked_for, request_of, secrets_of
from designer.reopening.script import cells_of, head_lines, script, text_files
from designer.reopening.source import copy_source
from designer.reopening.subject import Subject, without_secrets
from modules_library.sdk.reopened import FACTS, ReopenedFacts
from runtime.stores.artifact_store import FolderArtifactStore


def write_function(
    subject: Subject, artifacts: FolderArtifactStore, folder: Path
) -> dict[str, str]:
    """Put in place what the function had; gives the texts that go beside it, by path."""
    declaration, source = copy_source(subject.step, folder)
    files = copy_files(subject, folder)
    whole = place_inputs(subject, artifacts, folder, below="inputs")
    parallel = declaration.metadata.parallel
    inputs, said = narrowed(subject, parallel, whole, artifacts=artifacts, folder=folder)
    secrets = secrets_of(
        subject, [spec.name for spec in declaration.parameters if spec.kind == "secret"]
    )
    request = request_of(
        subject,
        source=source,
        folder="work",
        inputs=inputs,
        parameters=without_secrets(subject.step.parameters, set(secrets)),
        files={},
    )
    made = {} if parallel else subject.state.outputs
    facts = ReopenedFacts(request=request, made=made)
    cells = cells_of(subject, declaration, files, here="Path.cwd()")
    how = [*how_to_call(sys.executable, is_compared=not parallel), *said]
    return {
        FACTS: msgspec.json.format(msgspec.json.encode(facts), indent=2).decode() + "\n",
        "step.py": script(subject, declaration, files),
        "step.ipynb": notebook(head_lines(subject), cells),
        "README.md": readme(subject, source=source, how=how, secrets=asked_for(secrets)),
        ".vscode/launch.json": launch(sys.executable),
        **dict(text_files(subject, declaration).values()),
    }
