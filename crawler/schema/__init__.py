"""JSON Schemas of the records that archives receive (`crawler.export.schema`)."""
