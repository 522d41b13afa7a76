"""Where schemas come from: what was answered before, else the schema worker."""

import logging
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from runtime.model import (
    ArtifactRef,
    PortSchema,
    SchemaAnswer,
    SchemaRequest,
    StoredQuestion,
)
from runtime.model.digest import canonical_json, digest_bytes
from runtime.stores.schema_memo import SchemaMemo
from runtime.targets.schema_worker import NoAnswerError, SchemaWorker

logger = logging.getLogger(__name__)

_MOST_REMEMBERED = 10_000
SILENT_S = 60.0
"""How long a module that did not answer is left alone: it may have been the machine's fault."""

SILENT = "It did not say what it gives."
_TYPES = frozenset({"Table", "Model", "Transform", "UntrainedModel"})

_decode_answer = msgspec.json.Decoder(SchemaAnswer).decode
_decode_schema = msgspec.json.Decoder(PortSchema | None).decode


class SchemaSource:
    """Answers what a module gives and what an artifact holds; used by one thread.

    Args:
        memo: Answers of before.
        worker: Answers what nobody asked before.
        stored_by: `package.module:function` that reads the schema of an artifact.
        floor: What all answers depend on besides: versions of the code that answers.
        clock: Seconds that pass.
    """

    def __init__(
        self,
        memo: SchemaMemo,
        worker: SchemaWorker,
        *,
        stored_by: str,
        floor: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.worker = worker
        self._memo = memo
        self._stored_by = stored_by
        self._floor = floor.encode()
        self._clock = clock
        self._decoded: dict[str, SchemaAnswer] = {}
        self._silent: dict[str, float] = {}
        self._schemas: dict[str, PortSchema | None] = {}

    def ask(self, request: SchemaRequest) -> SchemaAnswer:
        """What a module version says of its outputs; nothing is known where it does not answer."""
        key = digest_bytes(self._floor + canonical_json(request))
        known = self._decoded.get(key)
        if known is not None:
            return known
        if self._clock() - self._silent.get(key, -SILENT_S) < SILENT_S:
            return SchemaAnswer(why=SILENT)
        known = self._answer(key, request)
        if known is None:
            self._silent[key] = self._clock()
            return SchemaAnswer(why=SILENT)
        if len(self._decoded) >= _MOST_REMEMBERED:
            self._decoded.clear()
        self._decoded[key] = known
        return known

    def stored(self, ref: ArtifactRef, path: Path | None) -> PortSchema | None:
        """The schema of an artifact that lies at a path; None where it has none or is gone."""
        if ref.type not in _TYPES:
            return None
        key = f"stored {ref.type} {ref.digest}"
        if key not in self._schemas:
            content = self._memo.get(key)
            if content is None:
                content = self._read(ref, path)
                if content is None:
                    return None
                self._memo.put(key, content)
            self._schemas[key] = _decode_schema(content)
        return self._schemas[key]

    def close(self) -> None:
        """End the worker and let go of the memo."""
        self.worker.close()
        self._memo.close()

    def _answer(self, key: str, request: SchemaRequest) -> SchemaAnswer | None:
        content = self._memo.get(key)
        if content is not None:
            try:
                return _decode_answer(content)
            except (msgspec.DecodeError, UnicodeDecodeError):
                logger.warning("a kept answer about '%s' cannot be read", request.module)
        try:
            content = self.worker.ask(request.entry.schema, request)
            answer = _decode_answer(content)
        except (NoAnswerError, msgspec.DecodeError) as exc:
            logger.info("'%s' did not say what it gives: %s", request.module, exc)
            return None
        self._memo.put(key, content)
        return answer

    def _read(self, ref: ArtifactRef, path: Path | None) -> bytes | None:
        if path is None:
            return None
        question = StoredQuestion(type=ref.type, path=str(path))
        try:
            return self.worker.ask(self._stored_by, question)
        except NoAnswerError as exc:
            logger.info("the schema of '%s' cannot be read: %s", ref.digest, exc)
            return None
