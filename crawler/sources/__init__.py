"""Where pages come from: the live portal, files that hold captures of it, or web archives."""
