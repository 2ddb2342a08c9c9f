from .addresses import address_target as address_target, is_absolute as is_absolute
from .anchors import slug as slug
from .numbering import (
    Reading as Reading,
    is_amount as is_amount,
    lead_in as lead_in,
    numeral as numeral,
    read_enumerator as read_enumerator,
)
from .parser import (
    blanked as blanked,
    front_matter as front_matter,
    front_matter_yaml as front_matter_yaml,
    parse as parse,
)
from .source import (
    CONTROL_CHARACTER as CONTROL_CHARACTER,
    ENCODING as ENCODING,
    decode as decode,
    decode_anyway as decode_anyway,
    decode_for_display as decode_for_display,
    hidden_controls as hidden_controls,
    hidden_mistake as hidden_mistake,
    read_source as read_source,
    unix_lines as unix_lines,
)
from .stored_trees import is_tree_kept as is_tree_kept, parse_cached as parse_cached
