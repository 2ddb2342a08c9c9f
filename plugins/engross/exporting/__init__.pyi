from .copies import (
    Copy as Copy,
    Front as Front,
    Part as Part,
)
from .copy_reader import (
    ExportSite as ExportSite,
    approvers as approvers,
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
from .kept_files import Kept as Kept, KeptKind as KeptKind, read_kept as read_kept
from .notice_files import NOTICE_FORMATS as NOTICE_FORMATS, manifest as manifest, notice_files as notice_files
from .notice_message import Composer as Composer, Message as Message
from .openapi import (
    DocumentPage as DocumentPage,
    Published as Published,
    archive_declaration as archive_declaration,
    openapi as openapi,
    published_addresses as published_addresses,
    schema_address as schema_address,
)
from .terms_file import ShownDocument as ShownDocument, terms_file as terms_file
from .verdicts import Judge as Judge, Later as Later, Match as Match, Verdict as Verdict
from .word.clean_copy import (
    DOCUMENT as DOCUMENT,
    DRAFT as DRAFT,
    SOURCE_HASH as SOURCE_HASH,
    VERSION as VERSION,
    docx_bytes as docx_bytes,
)
from .word_comparison import Difference as Difference
