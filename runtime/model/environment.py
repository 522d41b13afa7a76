"""Environments: a Python and the exact packages that steps have."""

import msgspec

from runtime.model.digest import digest_value

DESIGNER = "designer"
"""What the designer's own environment is called; a node may ask for it by that name."""


class PackageSource(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """Where packages come from.

    Attributes:
        index: Address of the package index; that of the installer when empty.
        extra_index: Another one that is asked before it.
        wheels: Folder of wheels. Where it is given no index is asked and no network used.
    """

    index: str = ""
    extra_index: str = ""
    wheels: str = ""


class Environment(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A locked list of packages, and the Python that has them.

    Attributes:
        name: What nodes call it; empty for one that a module's requirements ask for.
        python: Minor version, `3.11`.
        requirements: What was asked for.
        locked: Every package with its exact version, what workers need among them.
        source: Where they come from; not part of what the environment is.
    """

    name: str = ""
    python: str
    requirements: tuple[str, ...] = ()
    locked: tuple[str, ...]
    source: PackageSource = PackageSource()

    @property
    def digest(self) -> str:
        """`b3:` digest of what it holds: equal digests, equal packages."""
        return digest_value([self.python, *self.locked])

    @property
    def folder(self) -> str:
        """What its folder is called wherever it is built."""
        return self.digest.removeprefix("b3:")[:32]

    def interpreter(self, home: str) -> str:
        """Where its Python is once it is built below a folder of environments."""
        return f"{home}/{self.folder}/bin/python"

    @property
    def title(self) -> str:
        """What people call it: its name, or what it is for."""
        return self.name or ", ".join(self.requirements)
