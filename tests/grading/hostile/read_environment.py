"""cell top: prints the environment variables of the instructor."""
# sign: variables of mine

import os

print(dict(os.environ), "variables of mine")
