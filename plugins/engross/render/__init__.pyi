from .archive.frame import (
    Offers as Offers,
    Site as Site,
    Translations as Translations,
    archive_page as archive_page,
    file_of as file_of,
)
from .archive.imports import version_day as version_day
from .archive.linked_data import JSON_TYPE as JSON_TYPE, linked_data as linked_data
from .archive.lists import sealed_redline as sealed_redline
from .archive.page_cache import Made as Made, Store as Store, made_bytes as made_bytes, read_made as read_made
from .archive.program_files import compact_json as compact_json
from .archive.sealed_texts import (
    SealedTexts as SealedTexts,
    VersionInForce as VersionInForce,
    files_in_force as files_in_force,
    in_force_with as in_force_with,
    own_set as own_set,
    own_sets as own_sets,
)
from .archive.versions import (
    verify_steps as verify_steps,
    version_cover as version_cover,
    version_pages as version_pages,
)
from .archive.writer import Archive as Archive, Elsewhere as Elsewhere, Offer as Offer, SetOffer as SetOffer
from .catalogue.csv_files import models_csv as models_csv, register_csv as register_csv
from .catalogue.model_changes import model_news as model_news
from .catalogue.page import filter_style as filter_style, render_catalogue as render_catalogue
from .catalogue.register_page import (
    AnnouncedRows as AnnouncedRows,
    RegisterPage as RegisterPage,
    linked_values as linked_values,
    register_parts as register_parts,
    register_style as register_style,
)
from .changes.calendars import (
    CalendarEvent as CalendarEvent,
    calendars as calendars,
    objections as objections,
    retirements as retirements,
)
from .changes.changed_rows import changed_rows as changed_rows, row_changes as row_changes
from .changes.dates import SCRIPT as SCRIPT, render_since as render_since, since_files as since_files
from .changes.feeds import (
    ATOM as ATOM,
    JSON as JSON,
    TYPES as TYPES,
    Alerts as Alerts,
    alerts_about as alerts_about,
    atom as atom,
    feeds as feeds,
    json_feed as json_feed,
)
from .changes.note_html import text_summary as text_summary
from .changes.pending import (
    Pending as Pending,
    pending_changes as pending_changes,
    planned_redlines as planned_redlines,
)
from .changes.posted import (
    ROOT as ROOT,
    ChangeView as ChangeView,
    Publication as Publication,
    change_title as change_title,
    other_change as other_change,
    view as view,
)
from .changes.posted_page import (
    MARKER as MARKER,
    PENDING as PENDING,
    STYLE as STYLE,
    Frame as Frame,
    change_pages as change_pages,
    filter_rules as filter_rules,
    material_slugs as material_slugs,
    older_lists as older_lists,
    render_list as render_list,
)
from .changes.promises import awaited_words as awaited_words
from .changes.retired import render_retired as render_retired
from .changes.summaries import (
    ChangeSummary as ChangeSummary,
    cached_text as cached_text,
    summarize_changes as summarize_changes,
)
from .date_format import ShownDates as ShownDates
from .languages import (
    PageLanguage as PageLanguage,
    language_attributes as language_attributes,
    worded as worded,
)
from .pages.clauses import shown_number as shown_number
from .pages.defined_terms import (
    SetTerms as SetTerms,
    TermsPart as TermsPart,
    defined_terms as defined_terms,
    render_defined_terms as render_defined_terms,
    render_terms_part as render_terms_part,
)
from .pages.document_page import (
    ContentsEntry as ContentsEntry,
    Surroundings as Surroundings,
    all_contents as all_contents,
    render_document as render_document,
    title_clause as title_clause,
)
from .pages.inline import (
    LINK as LINK,
    MARK as MARK,
    RUN_IN as RUN_IN,
    Resolve as Resolve,
    Stretch as Stretch,
    escape as escape,
    nest_elements as nest_elements,
)
from .pages.link_answers import LinkAnswers as LinkAnswers
from .pages.metadata import (
    NO_ROBOTS as NO_ROBOTS,
    Alternate as Alternate,
    Head as Head,
    Shared as Shared,
    SiteFacts as SiteFacts,
    llms_txt as llms_txt,
    robots_txt as robots_txt,
    sitemap_of as sitemap_of,
    with_head as with_head,
)
from .pages.print import (
    Cover as Cover,
    bare_address as bare_address,
    endings as endings,
    state_cover as state_cover,
    with_running_head as with_running_head,
)
from .pages.publishable import (
    TEXT_DIFFERS as TEXT_DIFFERS,
    as_shown as as_shown,
    as_shown_project as as_shown_project,
    check_reading as check_reading,
    check_readings as check_readings,
)
from .pages.search import SearchEntry as SearchEntry, search_entries as search_entries, search_words as search_words
from .pages.state import (
    DocumentState as DocumentState,
    StateOf as StateOf,
    card_groups as card_groups,
    document_state as document_state,
    render_cards as render_cards,
    with_cards as with_cards,
)
from .pages.term_links import (
    TermIndex as TermIndex,
    index_terms as index_terms,
    link_first_uses as link_first_uses,
    term_views as term_views,
)
from .templates import (
    ARCHIVE_STYLE as ARCHIVE_STYLE,
    COMPILED as COMPILED,
    PAPER_STYLE as PAPER_STYLE,
    asset as asset,
    environment as environment,
    own_files_hash as own_files_hash,
    style_sheet as style_sheet,
    template_folders as template_folders,
    template_mistake as template_mistake,
    templates_hash as templates_hash,
)
from .verify_page import VERIFY_SCRIPT as VERIFY_SCRIPT, render_verify as render_verify
