from .alignment.blocks import ClauseIds as ClauseIds
from .alignment.outline import Node as Node, Outline as Outline
from .alignment.sequences import match_equal as match_equal
from .alignment.word_diff import diff_runs as diff_runs
from .changes import (
    Change as Change,
    Naming as Naming,
    english as english,
    find_changes as find_changes,
    labels_of as labels_of,
    side_text as side_text,
)
from .counts import counts_in_words as counts_in_words, summary as summary
from .folding import folded as folded
from .inputs import Side as Side, read_side as read_side
from .merge_units import Unit as Unit, UnitReader as UnitReader
from .output.html_page import (
    PageParts as PageParts,
    html_page as html_page,
    marks_style as marks_style,
    page_parts as page_parts,
    place_name as place_name,
    steps_script as steps_script,
)
from .output.json import make_schema as make_schema, to_json as to_json
from .output.markdown import (
    MarkedText as MarkedText,
    marked_as_markdown as marked_as_markdown,
    marked_texts as marked_texts,
)
from .output.terminal import terminal_text as terminal_text
from .projection import Line as Line, of_blocks as of_blocks, of_nodes as of_nodes
from .script import (
    Block as Block,
    Break as Break,
    Counts as Counts,
    Face as Face,
    Fact as Fact,
    FactKind as FactKind,
    Move as Move,
    Op as Op,
    Redline as Redline,
    Run as Run,
    Segment as Segment,
    State as State,
    Style as Style,
    accept as accept,
    reject as reject,
)
from .script_builder import redline as redline, unchanged as unchanged
from .shared_edits import (
    Shared as Shared,
    Sided as Sided,
    shared_changes as shared_changes,
    source_and_tree as source_and_tree,
)
from .styled_text import Piece as Piece, count_words as count_words, one_blank as one_blank
from .three_way_merge import Clash as Clash, merge as merge
