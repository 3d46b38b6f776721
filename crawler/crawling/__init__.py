"""What one crawl is made of: the session it holds open, the reading of pages, its settings in Scrapy's words."""
