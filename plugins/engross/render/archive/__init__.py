"""The static pages of the record: versions, redlines, lists, clause histories. See `frame` for what all of them share."""
