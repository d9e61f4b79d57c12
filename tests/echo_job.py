"""A run into a file without a model and without the command line: ``python tests/echo_job.py FOLDER OUTPUT SECONDS``.

It goes on with what is there.
"""

import sys
from pathlib import Path

from stand_ins import Echo

if __name__ == "__main__":
    from quotekit.batch.job import Job, Start, errors_of
    from quotekit.batch.progress import Watch
    from quotekit.batch.reading import Inputs

    folder, output, seconds = sys.argv[1], Path(sys.argv[2]), float(sys.argv[3])
    inputs = Inputs([folder])
    job = Job(inputs, Echo(seconds), output, errors_of(output), {"seconds": seconds})
    counts = job.run(Start.resume, Watch(quiet=True), workers=2)
    sys.exit(counts is not None and counts.failures > 0)
