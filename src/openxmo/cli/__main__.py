"""`python -m openxmo.cli` is `xmo`, for whoever starts the command from Python."""

import sys

from openxmo.cli import main

sys.exit(main())
