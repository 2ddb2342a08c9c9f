from .compare import TEXT_DIFFERS as TEXT_DIFFERS, two_readings as two_readings
from .page_text import GENERATED_ATTRIBUTE as GENERATED_ATTRIBUTE, page_text as page_text
from .site_pages import check_site_page as check_site_page
