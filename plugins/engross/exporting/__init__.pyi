from .copies import (
    Copy as Copy,
    Front as Front,
    Part as Part,
)
from .copy_reader import (
    ExportSite as ExportSite,
    draft_copy as draft_copy,
    redline_copy as redline_copy,
    set_copy as set_copy,
    version_copy as version_copy,
)
from .formats import (
    FORMATS as FORMATS,
    REDLINE_FORMATS as REDLINE_FORMATS,
    Format as Format,
    export_bytes as export_bytes,
    format_of as format_of,
    redline_bytes as redline_bytes,
)
