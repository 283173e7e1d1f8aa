"""`python -m tui` is `hubspoke`."""

import sys

from tui.cli import main

sys.exit(main())
