from .baseline import clauses_by_path as clauses_by_path, finding_key as finding_key
from .baseline_file import baseline_text as baseline_text, read_baseline as read_baseline
from .check_inputs import (
    Inputs as Inputs,
    Site as Site,
    project_subjects as project_subjects,
    read_inputs as read_inputs,
    site_exceptions as site_exceptions,
    term_options as term_options,
    with_posted as with_posted,
)
from .engine import (
    Exceptions as Exceptions,
    check_subjects as check_subjects,
    let_pass as let_pass,
    unknown_rules as unknown_rules,
)
from .fixes import applied_bytes as applied_bytes, diff as diff, edits_by_path as edits_by_path, write as write
from .links import BROKEN_LINK as BROKEN_LINK, Links as Links
from .outputs import (
    summary as summary,
    terms_json as terms_json,
    to_github as to_github,
    to_gitlab as to_gitlab,
    to_json as to_json,
    to_sarif as to_sarif,
)
from .record_check import (
    check_note_texts as check_note_texts,
    check_own_texts as check_own_texts,
    check_pending as check_pending,
    check_record as check_record,
    own_documents as own_documents,
    pending_documents as pending_documents,
)
from .rule_reference import check_example as check_example
from .rules import BY_NAME as BY_NAME, REQUIRED as REQUIRED, RULES as RULES
from .site_files import (
    NAMES as NAMES,
    PUBLISHED as PUBLISHED,
    check_pages as check_pages,
    check_settings_text as check_settings_text,
    check_site_setup as check_site_setup,
    missing_guard as missing_guard,
    ordinary_pages as ordinary_pages,
)
from .site_setup import (
    PUBLISHED_ITSELF as PUBLISHED_ITSELF,
    RESERVED as RESERVED,
    check_own_templates as check_own_templates,
    check_published as check_published,
    check_setup as check_setup,
    decoded_path as decoded_path,
    missing_change_pages as missing_change_pages,
)
from .subject import Judged as Judged, Rule as Rule, Subject as Subject
