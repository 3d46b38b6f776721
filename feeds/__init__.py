"""Makes feeds and pages out of the store. Depends on `crawler`, never the other way round."""
