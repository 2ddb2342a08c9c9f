"""The pages of the record: versions, redlines, lists of versions, clause histories. `frame` has their common parts."""
