from .edited_word import Edited as Edited, Origin as Origin, merge_edited as merge_edited, origin_of as origin_of
from .history import (
    HistoryPlan as HistoryPlan,
    Outcome as Outcome,
    Row as Row,
    plan_history as plan_history,
)
from .history_cleaning import clean_text as clean_text
from .history_notes import read_notes_file as read_notes_file
from .history_sources import (
    History as History,
    archive_history as archive_history,
    folder_history as folder_history,
    git_history as git_history,
)
from .importer import import_source as import_source, report_lines as report_lines
from .values import Choices as Choices, Imported as Imported
from .visible_text import visible_text as visible_text
