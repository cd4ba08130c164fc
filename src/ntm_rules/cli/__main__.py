"""``python -m ntm_rules.cli``: the command, where its script is not on the path."""

import sys

from ntm_rules.cli import main

if __name__ == "__main__":
    sys.exit(main())
