"""Compute targets: declared places to run, and what one was found to offer."""

from typing import Literal

import msgspec

from runtime.model.diagnostic import Diagnostic

LOCAL = "local"
"""The target that is always there: this machine."""

TargetKind = Literal["local", "ssh", "docker", "ray"]
Setting = str | int | float | bool


class TargetResources(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What steps may share of a target.

    Attributes:
        cpus: Processors; as many steps that ask for one run at once.
        memory_gib: Memory; 0 where it is not known.
        gpus: GPUs.
    """

    cpus: int = 1
    memory_gib: float = 0
    gpus: int = 0


class Target(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A declared place to run.

    Attributes:
        name: What nodes call it.
        kind: How it is reached.
        settings: What that kind needs: the fields of `SshSettings` or of `DockerSettings`.
        resources: What steps may share.
    """

    name: str
    kind: TargetKind
    settings: dict[str, Setting] = {}
    resources: TargetResources = TargetResources()


class SshSettings(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """How a host is reached over SSH.

    Attributes:
        host: Its name or address.
        port: Where its sshd listens.
        user: Who logs in; whoever runs the engine when empty.
        key_file: Private key on this machine; the user's own keys and agent when empty.
        host_key: The host's public key as it was when the target was added. No other is accepted.
        python: The interpreter that runs steps there; an environment is built when empty.
        wheels: Folder on the host with the packages of that environment; the index when empty.
        folder: Where the designer may write there.
    """

    host: str
    port: int = 22
    user: str = ""
    key_file: str = ""
    host_key: str = ""
    python: str = ""
    wheels: str = ""
    folder: str = "~/.cache/designer"


class DockerSettings(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """How a Docker engine is reached, and what its containers are like.

    Attributes:
        url: `unix://…`, `tcp://host:port` or `ssh://user@host`; this machine's own when empty.
        tls_folder: Folder here with `ca.pem`, `cert.pem` and `key.pem`, for `tcp://`.
        image: What containers are made from; Python's own slim one when empty.
        python: The interpreter in the image that runs steps; an image with what steps need is
            built when empty.
        wheels: Folder here with the packages of that image; the index when empty.
        network: The network that steps are in.
        copies: Copy artifacts also to an engine that could read them where they lie.
    """

    url: str = ""
    tls_folder: str = ""
    image: str = ""
    python: str = ""
    wheels: str = ""
    network: str = "none"
    copies: bool = False


class BuiltImage(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An image of ours on a Docker engine."""

    name: str
    bytes: int = 0


class RaySettings(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """How a Ray cluster is reached.

    Attributes:
        address: Of its head, as Ray writes it: `auto`, `host:6379` or `ray://host:10001`. Empty:
            a cluster of its own on this machine, which ends with its last use.
        token_file: File on this machine with the cluster's token; Ray's own settings when empty.
        builds: Steps run in a runtime environment with the packages that run here; with those of
            the nodes' own Python when false.
        wheels: Folder on the nodes with the packages of that environment; the index when empty.
        folder: Where the designer may write on the nodes. One that all of them see spares sending.
    """

    address: str = ""
    token_file: str = ""
    builds: bool = False
    wheels: str = ""
    folder: str = "~/.cache/designer"


class ClusterNode(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One machine of a cluster.

    Attributes:
        name: Its own name.
        address: Where the cluster reaches it.
        cpus: What it gives to steps.
    """

    name: str
    address: str
    cpus: float = 0
    memory_bytes: int = 0
    gpus: float = 0


class Gpu(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One GPU of a target."""

    name: str
    memory_bytes: int = 0


class TargetReport(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a test of a target found.

    Attributes:
        host: The machine's own name for itself.
        user: Who is logged in there.
        python: The interpreter that runs steps.
        python_version: Its version.
        packages: Versions of what steps import, by name; empty where one is missing.
        cpus: Processors that steps may use.
        memory_bytes: Memory of the machine.
        free_disk_bytes: Room where the designer writes.
        seconds: From the beginning of the connection to the first answer.
        can_build: Whether an environment can be made there.
        engine: The container engine and its version; empty where there is none.
        images: What was built there for steps.
        environments: The first digits of the digests of those that are built there.
        can_run: Whether a step can run there now.
        problems: Why not, and what else is to be said.
        nodes: The machines of a cluster; none elsewhere.
        ray_version: Of the cluster's Ray; empty elsewhere.
        shares_folder: Its nodes see one folder, so that artifacts are sent once for all of them.
    """

    host: str = ""
    user: str = ""
    python: str = ""
    python_version: str = ""
    packages: dict[str, str] = {}
    cpus: int = 0
    memory_bytes: int = 0
    gpus: tuple[Gpu, ...] = ()
    free_disk_bytes: int = 0
    seconds: float = 0
    can_build: bool = False
    engine: str = ""
    images: tuple[BuiltImage, ...] = ()
    environments: tuple[str, ...] = ()
    can_run: bool = False
    problems: tuple[Diagnostic, ...] = ()
    nodes: tuple[ClusterNode, ...] = ()
    ray_version: str = ""
    shares_folder: bool = False
