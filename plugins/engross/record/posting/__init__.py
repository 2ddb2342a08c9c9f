"""From drafts and pending notes to what a release posts and seals."""
