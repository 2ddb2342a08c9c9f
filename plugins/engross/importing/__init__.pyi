from .edited_word import Edited as Edited, Origin as Origin, merge_edited as merge_edited, origin_of as origin_of
from .importer import import_source as import_source
from .report_text import report_lines as report_lines
from .values import Choices as Choices, Imported as Imported
