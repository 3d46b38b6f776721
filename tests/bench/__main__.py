"""`./run bench [--quick]`: prints a table of what was measured and the floor that each figure must keep."""

import argparse
import sys

from tests.bench import crawl, dates, extraction, reextract

MIB = 1024 * 1024


def main() -> int:
    """Measures; returns 1 when a floor is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a fifth of the size")
    size = 1000 if parser.parse_args().quick else 5000
    rows = [*dates.measure(), *extraction.measure(), *reextract.measure(size // 2), *crawl.measure(size)]
    width = max(len(row.what) for row in rows)
    for row in rows:
        mark = "" if row.bound is None else "ok" if row.holds else "MISSED"
        print(f"{row.what:{width}}  {row.figure:>12}  {row.bound or '':18} {mark}")
    return 0 if all(row.holds for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
