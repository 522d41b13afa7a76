"""The forms that add compute targets, one per kind: drawn from, and read by, the same fields. Pure."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from designer.pages.elements import button, dialog, field, icon, select, text_input
from designer.pages.markup import Markup, tag
from designer.pages.region import Act
from runtime.errors import RequestError
from runtime.model import Setting, Target, TargetKind

__all__ = ["FORMS", "draw_forms", "openers", "read_target"]


class FormField(NamedTuple):
    """A line of a form.

    Attributes:
        name: The setting that it gives; `name` and `fingerprint` are the target's own.
        is_more: It is shown when asked for.
        switch: What is chosen between, off and on, where it is a switch.
    """

    label: str
    name: str
    hint: str = ""
    placeholder: str = ""
    is_required: bool = False
    is_number: bool = False
    is_more: bool = False
    switch: tuple[str, str] | None = None


class Form(NamedTuple):
    """How targets of a kind are added.

    Attributes:
        opener: The button that opens it.
        rows: Fields; those of one row stand side by side.
    """

    kind: TargetKind
    opener: str
    title: str
    rows: tuple[tuple[FormField, ...], ...]

    def fields(self) -> Iterator[FormField]:
        """All of its fields."""
        return (one for row in self.rows for one in row)


def _name(placeholder: str) -> FormField:
    return FormField("Name", "name", "What nodes call it.", placeholder, is_required=True)


FORMS = (
    Form(
        "ssh",
        "Add a host",
        "Add a host over SSH",
        (
            (_name("gpu-box"),),
            (FormField("Host", "host", placeholder="gpu.example.org", is_required=True),),
            (
                FormField("User", "user", "Empty: who runs the designer."),
                FormField("Port", "port", placeholder="22", is_number=True),
            ),
            (FormField("Private key", "key_file", "A file on this machine. Empty: your own keys and agent.", "~/.ssh/id_ed25519", is_more=True),),
            (FormField("Python", "python", "Empty: an environment is built there with what steps need.", "/usr/bin/python3", is_more=True),),
            (FormField("Folder of wheels", "wheels", "On the host, for environments without a network.", is_more=True),),
            (FormField("Fingerprint", "fingerprint", "The key that the host must show. Empty: what it shows now is pinned.", "SHA256:…", is_more=True),),
        ),
    ),
    Form(
        "docker",
        "Add an engine",
        "Add a Docker engine",
        (
            (_name("containers"),),
            (FormField("Engine", "url", "Empty: the engine of this machine.", "ssh://anna@gpu.example.org"),),
            (FormField("Image", "image", "Containers are made from it. Empty: Python’s own slim image.", "registry.example.org/team/ml:3"),),
            (FormField("Python", "python", "Its path in the image. Empty: an image with what steps need is built once.", "/usr/local/bin/python", is_more=True),),
            (FormField("Network", "network", "Of the engine. Empty: steps have none.", "bridge", is_more=True),),
            (FormField("Keys for TLS", "tls_folder", "A folder here with ca.pem, cert.pem and key.pem, for tcp://.", "~/.docker", is_more=True),),
            (FormField("Folder of wheels", "wheels", "On this machine, for images built without an index.", is_more=True),),
        ),
    ),
    Form(
        "ray",
        "Add a cluster",
        "Add a Ray cluster",
        (
            (_name("cluster"),),
            (FormField("Address", "address", "As Ray writes it. Empty: a cluster of its own on this machine, while steps run.", "head.example.org:6379"),),
            (FormField("Packages", "builds", "That steps find there.", switch=("Those of the nodes", "An environment as here")),),
            (FormField("Token", "token_file", "A file on this machine. Empty: Ray’s own settings.", "~/.ray/auth_token", is_more=True),),
            (FormField("Folder", "folder", "Where the designer may write on the nodes. One that all of them see spares sending.", "/shared/designer", is_more=True),),
            (FormField("Folder of wheels", "wheels", "On every node, for environments without a network.", is_more=True),),
        ),
    ),
)  # fmt: skip


def openers() -> list[Markup]:
    """The buttons that open the forms; the first is what most people look for."""
    return [
        button(
            form.opener,
            opens=_dialog_id(form),
            symbol="add",
            kind="plain" if index else "primary",
        )
        for index, form in enumerate(FORMS)
    ][::-1]


def draw_forms(typed: Mapping[str, Mapping[str, str]]) -> list[Markup]:
    """All forms; what was typed for a target that could not be added stands in its own, by kind."""
    return [_draw(form, typed.get(form.kind, {})) for form in FORMS]


def read_target(act: Act) -> tuple[Target, str]:
    """What a person typed, and the fingerprint that the target must show.

    Raises:
        RequestError: T002 for a number that is none.
    """
    form = next((form for form in FORMS if form.kind == act.value), FORMS[0])
    fields = {key: value.strip() for key, value in act.fields.items()}
    settings: dict[str, Setting] = {}
    for one in form.fields():
        text = fields.get(one.name)
        if text and one.name not in ("name", "fingerprint"):
            settings[one.name] = _number(one, text) if one.is_number else text
            if one.switch:
                settings[one.name] = True
    target = Target(name=fields.get("name", ""), kind=form.kind, settings=settings)
    return target, fields.get("fingerprint", "")


def _number(one: FormField, text: str) -> int:
    if not text.isdecimal():
        raise RequestError(
            "T002", f"'{text}' is no {one.label.lower()}.", remedy="Give a number from 1 to 65535."
        )
    return int(text)


def _dialog_id(form: Form) -> str:
    return f"add-{form.kind}"


def _draw(form: Form, typed: Mapping[str, str]) -> Markup:
    def row(fields: tuple[FormField, ...]) -> Markup | list[Markup]:
        drawn = [_draw_field(one, typed.get(one.name, "")) for one in fields]
        return tag("div.pg-field-row", drawn) if len(drawn) > 1 else drawn

    shown = [row(fields) for fields in form.rows if not fields[0].is_more]
    more = [row(fields) for fields in form.rows if fields[0].is_more]
    return dialog(
        _dialog_id(form),
        form.title,
        (shown, tag("details.pg-more", tag("summary", icon("chevron_right"), "More"), more)),
        action="add",
        value=form.kind,
        confirm="Reach it and add it",
    )


def _draw_field(one: FormField, value: str) -> Markup:
    if one.switch:
        options = zip(("", "yes"), one.switch, strict=True)
        return field(one.label, select(one.name, tuple(options), value), hint=one.hint)
    attributes: dict[str, str | bool | None] = {
        "placeholder": one.placeholder or None,
        "required": one.is_required,
        "inputmode": "numeric" if one.is_number else None,
    }
    return field(one.label, text_input(one.name, value, **attributes), hint=one.hint)
