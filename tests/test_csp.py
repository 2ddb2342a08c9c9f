"""The Content-Security-Policy that a finished page is given."""

import hashlib
from base64 import b64encode

import pytest

from engross.common.csp import LONGEST_HEADER, combined, headers_file, page_sources, policy, with_policy, without_policy


def hash_of(text: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def directives(html: str) -> dict[str, list[str]]:
    parts = (part.split() for part in policy(page_sources(html)).split("; "))
    return {name: values for name, *values in parts}


def test_a_page_without_anything_inline_may_use_its_own_files_only() -> None:
    assert policy(page_sources('<head><script src="a.js"></script><link rel="stylesheet" href="a.css"></head>')) == (
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self' data:; "
        "object-src 'none'; base-uri 'self'; form-action 'self'"
    )


def test_inline_scripts_are_allowed_by_their_hash_and_data_is_not_a_script() -> None:
    html = """<script>a("<p>")\n</script><SCRIPT type="module">b</SCRIPT><script type="application/json">{}</script>"""
    assert directives(html)["script-src"] == ["'self'", *sorted(map(hash_of, ('a("<p>")\n', "b")))]


def test_styles_are_allowed_by_their_hash_elements_and_attributes_alike() -> None:
    html = """<style>p {}</style><p class=x style="color: &quot;red&quot;">style="no"</p><td style='a'>"""
    assert directives(html)["style-src"] == [
        "'self'",
        hash_of("p {}"),
        "'unsafe-hashes'",
        *sorted(map(hash_of, ('color: "red"', "a"))),
    ]


def test_what_is_like_an_address_in_a_name_or_a_value_is_none() -> None:
    html = """<script data-src="x">a</script><script title='src="y"'>b</script><script SRC = z>c</script >"""
    assert directives(html)["script-src"] == ["'self'", *sorted(map(hash_of, "ab"))]


def test_a_tag_ends_outside_the_quotes_of_its_attributes_and_an_apostrophe_opens_none() -> None:
    html = """<head data-a="1 > 0"><script data-if="a > b">c</script><p title="a > b" style="d">it's</p>
        <style data-of='a > b'>e</style><p title=it's style=f><p data-style="g">'</p><i style="h" style="no">"""
    found = directives(html)
    assert found["script-src"] == ["'self'", hash_of("c")]
    assert found["style-src"] == ["'self'", hash_of("e"), "'unsafe-hashes'", *sorted(map(hash_of, "dfh"))]
    assert with_policy(html, "p").startswith('<head data-a="1 > 0"><meta http-equiv=')


@pytest.mark.parametrize(
    ("html", "directive", "origin"),
    [
        ('<script async src="https://a.example/x.js">', "script-src", "https://a.example"),
        ('<link rel="stylesheet" href="//b.example:81/x.css">', "style-src", "https://b.example:81"),
        ('<link rel=preconnect href="https://c.example" crossorigin>', "font-src", "https://c.example"),
        ("<img alt='' src='http://d.example/x.png'>", "img-src", "http://d.example"),
        ('<iframe src="https://e.example/"></iframe>', "frame-src", "https://e.example"),
        ('<video src="https://f.example/x"></video>', "media-src", "https://f.example"),
    ],
)
def test_what_a_page_loads_from_elsewhere_is_allowed_and_no_more(html: str, directive: str, origin: str) -> None:
    found = directives(html)
    assert origin in found.pop(directive)
    assert origin not in str(found)


def test_links_to_read_and_addresses_that_are_none_allow_nothing() -> None:
    plain = policy(page_sources(""))
    html = '<link rel="canonical" href="https://a.example/"><a href="https://b.example/">b</a>'
    assert policy(page_sources(html)) == plain
    assert policy(page_sources('<script src="https://x; script-src *"></script>')) == plain


def test_the_policy_is_after_the_encoding_and_before_everything_else() -> None:
    html = '<html><head>\n<meta charset="utf-8">\n<script>a</script></head>'
    made = with_policy(html, "script-src 'self'")
    assert made == html.replace(
        '"utf-8">', '"utf-8"><meta http-equiv="Content-Security-Policy" content="script-src \'self\'">'
    )
    assert with_policy("<head><title>x</title>", "p").startswith("<head><meta http-equiv=")
    assert with_policy("no head", "p") == "no head"


def test_the_header_covers_all_pages_and_says_who_may_frame_them() -> None:
    pages = [page_sources("<script>a</script>"), page_sources("<script>b</script><style>c</style>")]
    header = headers_file(pages)
    assert header.startswith("/*\n  Content-Security-Policy: default-src 'self'; script-src 'self' ")
    assert all(hash_of(piece) in header for piece in "abc")
    assert "frame-ancestors 'self'\n" in header
    assert header == headers_file(reversed(pages))


def test_a_header_too_long_for_hosts_leaves_scripts_to_the_pages() -> None:
    header = headers_file(page_sources(f"<script>{n}</script>") for n in range(50))
    assert all(len(line) <= LONGEST_HEADER for line in header.splitlines())
    assert "script-src" not in header
    assert "frame-ancestors" in header


def test_together_is_what_each_needs() -> None:
    pages = [page_sources("<script>a</script>"), page_sources('<img src="https://d.example/x">')]
    both = combined(pages)
    assert both.script_hashes == pages[0].script_hashes
    assert both.images == {"https://d.example"}


def test_a_policy_is_taken_out_again_however_its_quotes_were_rewritten() -> None:
    html = (
        '<head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="img-src *"><script>a</script>'
    )
    made = with_policy(html, "script-src 'self'")
    assert without_policy(made, "script-src 'self'") == html
    bare = made.replace('http-equiv="Content-Security-Policy"', "http-equiv=Content-Security-Policy")
    escaped = made.replace("script-src 'self'", "script-src &#39;self&#39;")
    for rewritten in (bare, escaped):
        assert "script-src" not in without_policy(rewritten, "script-src 'self'")
    assert without_policy(made, "script-src 'none'") == made
