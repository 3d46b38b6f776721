"""Runs one bantin command and prints requests, seconds from the first request, and its own peak memory."""

import contextlib
import io
import json
import resource
import sys
from time import perf_counter

from feeds.cli import main

if __name__ == "__main__":
    # What the empty spider is not charged with either: interpreter and imports.
    import crawler.runner  # noqa: F401

    out = io.StringIO()
    began = perf_counter()
    with contextlib.redirect_stdout(out), contextlib.suppress(SystemExit):
        main(sys.argv[1:], standalone_mode=True)
    seconds = perf_counter() - began
    report = json.loads(out.getvalue())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"requests": report["requests"], "seconds": seconds, "peak": peak}))
