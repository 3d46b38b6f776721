"""One spider for every portal of this kind; a site file makes it a portal's own."""
