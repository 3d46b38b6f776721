"""Downloader middlewares: what may be asked, what robots.txt says, conditional requests, captures."""
