from .compare import TEXT_DIFFERS as TEXT_DIFFERS, two_readings as two_readings
from .site_pages import check_site_page as check_site_page
