from .binding import Readings as Readings
from .binding import bind as bind
from .vocabulary import DEFAULT_OPTIONS as DEFAULT_OPTIONS
from .vocabulary import PRONOUNS as PRONOUNS
from .vocabulary import TermOptions as TermOptions
from .vocabulary import compile_names as compile_names
