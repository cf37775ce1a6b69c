"""Interval rules as people change them: drafts, what a change means, reads, preview, edits and releases."""
