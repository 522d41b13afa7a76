"""Step requests: everything a worker needs, put together when the inputs are known."""

from runtime.execution.live_run import LiveRun
from runtime.model import InputArtifact, Slots, StepRequest
from runtime.stores import FolderArtifactStore, Workspace
from runtime.stores.workspace import file_name
from runtime.worker import LOG


class RequestWriter:
    """Writes the requests of one workspace's runs."""

    def __init__(self, workspace: Workspace, artifacts: FolderArtifactStore) -> None:
        self._runs = str(workspace.runs)
        self._place = artifacts.place

    def request(
        self, live: LiveRun, index: int, *, attempt: int, threads: int, slots: Slots
    ) -> StepRequest:
        """The request for one attempt at a step whose inputs are known."""
        step = live.plan.steps[index]
        inputs: dict[str, tuple[InputArtifact, ...]] = {}
        for port, ref in live.input_refs(step):
            artifact = InputArtifact(ref=ref, path=self._place(ref.digest))
            inputs[port] = (*inputs.get(port, ()), artifact)
        folder = f"{self._runs}/{live.id}/steps/{file_name(step.id)}/{attempt}"
        return StepRequest(
            run_id=live.id,
            step_id=step.id,
            attempt=attempt,
            fence=attempt,
            entry=step.entry,
            module=step.module,
            version=step.version,
            digest=step.digest,
            label=step.label or step.id,
            parameters=step.parameters,
            inputs=inputs,
            outputs=step.outputs,
            folder=folder,
            files={name: str(step.parameters.get(name, "")) for name in step.files},
            source_folder=live.plan.source_folder,
            seed=step.seed,
            threads=threads,
            device="cuda:0" if slots.gpus else "cpu",
            cpus=slots.cpus,
            memory_bytes=int(step.memory_gib * 2**30) if step.memory_gib else None,
            gpus=slots.gpus,
            gpu_numbers=slots.gpu_numbers,
            log=f"{folder}/{LOG}",
            environment=step.environment,
        )
