"""Programs: modules that are a folder with a `module.toml` and run in a process of their own.

A script is a Python file with a command line, a command any list of arguments, a notebook an
`.ipynb` with a cell of parameters. Nothing of them is imported or run to list them.
"""

from modules_library.programs.declaration import DECLARATION
from modules_library.programs.folder import files_of, folder_digest, folder_stamp
from modules_library.programs.spec import program_spec

__all__ = ["DECLARATION", "files_of", "folder_digest", "folder_stamp", "program_spec"]
