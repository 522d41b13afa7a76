"""Between artifacts and the values that functions take and give."""

from modules_library.sdk.codecs.inputs import read_input
from modules_library.sdk.codecs.outputs import write_output

__all__ = ["read_input", "write_output"]
