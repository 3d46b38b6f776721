"""Vietnamese dates. Pure: str and a reference time -> value."""
