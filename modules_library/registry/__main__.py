"""Entry point of `python -m modules_library.registry`."""

import sys

from modules_library.registry.builtin_index import main

sys.exit(main(sys.argv[1:]))
