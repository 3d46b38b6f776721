"""Where pages come from: the live portal, or files that hold captures of it."""
