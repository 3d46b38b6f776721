"""Speed and memory, as ratios measured in one run: `./run bench`."""
