from .content import Review as Review
from .json import make_schema as make_schema, schema as schema, to_json as to_json
from .markdown import COMMENT as COMMENT, MARKER as MARKER, SUMMARY as SUMMARY, to_markdown as to_markdown
from .read import read_review as read_review
