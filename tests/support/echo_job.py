"""A run into a file without a model and without the command line.

    python tests/support/echo_job.py FOLDER OUTPUT SECONDS

It continues an earlier run, and spends a given number of seconds on each article.
"""

import sys
from pathlib import Path

from stand_ins import Echo

if __name__ == "__main__":
    from quotekit.batch.beside import errors_of
    from quotekit.batch.job import Job, Start, StoppedError
    from quotekit.batch.reading import Inputs
    from quotekit.errors import QuotekitError
    from quotekit.terminal.progress import Watch

    folder, output, seconds = sys.argv[1], Path(sys.argv[2]), float(sys.argv[3])
    job = Job(Inputs([folder]), Echo(seconds), output, errors_of(output), {"seconds": None})
    try:
        counts = job.run(Start.resume, Watch(quiet=True), workers=2, time_limit=30)
    except StoppedError as stopped:
        print(stopped, file=sys.stderr)
        sys.exit(128 + stopped.number)
    except QuotekitError as error:
        print(error, file=sys.stderr)
        sys.exit(3)
    sys.exit(counts is not None and counts.failures > 0)
