"""The pages of the record: versions, redlines, lists, clause histories. `frame` has what all of them share."""
