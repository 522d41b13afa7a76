"""Port types and the one rule that says which output fits which input."""

from typing import Literal, get_args

PortType = Literal[
    "Table",
    "UntrainedModel",
    "Model",
    "Transform",
    "ImageFolder",
    "File",
    "Folder",
    "Report",
    "Value",
    "Any",
]

PORT_TYPES: tuple[PortType, ...] = get_args(PortType)


def is_compatible(output: str, input_: str) -> bool:
    """Tell whether an output of type `output` may be wired to an input of type `input_`.

    >>> is_compatible("Table", "Table"), is_compatible("Model", "Table")
    (True, False)
    """
    return output == input_ or input_ == "Any" or output == "Any"
