"""The designer's database: pipelines, the log of their operations, named versions, the bin."""

from designer.store.database import Database
from designer.store.pipeline_store import (
    LoggedOperation,
    NamedVersion,
    PipelineRecord,
    PipelineStore,
)

__all__ = ["Database", "LoggedOperation", "NamedVersion", "PipelineRecord", "PipelineStore"]
