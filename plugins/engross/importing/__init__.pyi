from .importer import import_source as import_source
from .report_text import report_lines as report_lines
from .values import Choices as Choices, Imported as Imported
