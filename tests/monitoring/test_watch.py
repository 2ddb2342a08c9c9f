"""`engross watch`: what is found where providers publish their licences, over https on this machine."""

import hashlib
import json
import subprocess
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.monitoring.provider import CERTIFICATE, Provider, publishing

from engross.cli import main, watch as watch_command
from engross.common import EngrossError
from engross.corpus import read_catalogue
from engross.monitoring import with_facts
from engross.text import decode

PAGE = """<!doctype html><html><head><title>x</title><script>var nonce = "{nonce}"</script></head><body>
<nav><a href="/">Home</a> <a href="/x">More</a></nav><main><h1>Open Licence</h1>
<p>You may use  the model for any purpose,
commercial or not.</p>{more}</main><footer>{nonce}</footer></body></html>"""
TEXT = "Open Licence\nYou may use the model for any purpose, commercial or not.\n"
HASH = hashlib.sha256(TEXT.encode()).hexdigest()
DOCUMENTS = """\
sets: [{id: main, title: Main, agreement: agreement, incorporates: [models]}]
documents:
  - {id: agreement, title: The Agreement, kind: agreement, file: agreement.md}
  - {id: models, title: Models, kind: catalogue, file: models.yml}
"""
MODEL = """\
  # A comment about {id}.
  - id: {id}
    name: {id}
    provider: Maker
    eula:
      spdx: LicenseRef-Open
      name: Open Licence
      url: {url}{more}
    modalities: {{in: [text], out: [text]}}
"""


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    with publishing() as one:
        one.pages["/open"] = ("text/html", page().encode())
        yield one


Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, provider: Provider) -> Write:
    """Write a site whose models have licences at paths of the provider; `write(a="/open")`."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(watch_command, "sleep", lambda seconds: None)
    monkeypatch.setattr(watch_command, "_SECONDS", 1)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")

    def written(more: str = "", **models: str) -> Path:
        docs = tmp_path / "docs"
        docs.mkdir(exist_ok=True)
        (tmp_path / "mkdocs.yml").write_text("site_name: T\nsite_url: https://terms.example/\nplugins: [engross]\n")
        (docs / "documents.yml").write_text(DOCUMENTS)
        listed = [MODEL.format(id=name, url=f"{provider.address}{path}", more=more) for name, path in models.items()]
        (docs / "models.yml").write_text("models:\n" + "".join(listed))
        return docs / "models.yml"

    return written


def page(nonce: str = "1", more: str = "") -> str:
    return PAGE.format(nonce=nonce, more=more)


def watch(*options: str) -> Result:
    result = CliRunner().invoke(main, ["watch", *options])
    assert result.exception is None or isinstance(result.exception, SystemExit), repr(result.exception)
    return result


def test_a_licence_that_was_not_changed(provider: Provider, write: Write) -> None:
    write(more=f"\n      sha256: {HASH}", a="/open", b="/open")
    # What readers do not see changes with each request.
    provider.pages["/open"] = ("text/html", page("2").encode())
    result = watch()
    assert (result.exit_code, result.stdout) == (0, "no findings\n1 address: 1 unchanged\n")
    ((path, agent),) = provider.requests
    assert (path, agent.startswith("engross-watch/"), agent.endswith(" (+https://terms.example/)")) == (
        "/open",
        True,
        True,
    )


def test_a_file_whose_bytes_are_known(provider: Provider, write: Write) -> None:
    data = b"Plain\n\n  licence\n"
    provider.pages["/plain"] = ("text/plain", data)
    write(more=f"\n      sha256: {hashlib.sha256(data).hexdigest()}", a="/plain")
    assert watch().exit_code == 0


def test_a_folder_of_copies_that_is_a_link_is_not_followed(write: Write, tmp_path: Path) -> None:
    path = write(a="/open")
    before, elsewhere = path.read_text("utf-8"), tmp_path / "elsewhere"
    elsewhere.mkdir()
    (path.parents[1] / "licences").symlink_to(elsewhere)
    result = watch("--write")
    assert (result.exit_code, "this folder is a link" in result.stderr) == (1, True), result.output
    assert (path.read_text("utf-8"), list(elsewhere.iterdir())) == (before, [])
    assert watch("--write", "--copies", str(path.parents[1] / "licences")).exit_code == 0
    assert [one.name for one in elsewhere.iterdir()] == [f"{HASH}.txt"]


def test_the_first_time_texts_and_hashes_are_kept(write: Write) -> None:
    path = write(a="/open", b="/open")
    before = path.read_text("utf-8")
    result = watch()
    assert (result.exit_code, "a, b: no hash of the licence at" in result.stdout) == (0, True)
    assert path.read_text("utf-8") == before
    result = watch("--write")
    assert (result.exit_code, "no hash" in result.stdout) == (0, False)
    facts = f"\n      retrieved: 2026-09-21\n      sha256: {HASH}"
    assert path.read_text("utf-8") == before.replace("spdx: LicenseRef-Open", f"spdx: LicenseRef-Open{facts}")
    assert (path.parents[1] / f"licences/{HASH}.txt").read_text("utf-8") == TEXT
    assert not (path.parent / "licences").exists()
    assert watch().exit_code == 0


def test_private_copies_that_git_would_add(tmp_path: Path, write: Write) -> None:
    write(a="/open")
    assert "git" not in watch("--write").stderr, "there is no repository"
    git = partial(subprocess.run, cwd=tmp_path, check=True, capture_output=True)
    git(["git", "init", "--quiet"])
    for options in (["--write"], []):
        assert "`git add --all` would add them; add this line to .gitignore: /licences/" in watch(*options).stderr
    (tmp_path / ".gitignore").write_text("/licences/\n", "utf-8")
    assert watch().stderr == ""
    # Whoever has added them to a private repository has decided.
    git(["git", "add", "--force", "licences"])
    (tmp_path / ".gitignore").unlink()
    assert watch().stderr == ""


def changed(provider: Provider) -> None:
    text = page(more="<p>New: not for weapons.</p>").replace("commercial or not", "not commercial")
    provider.pages["/open"] = ("text/html", text.encode())


def test_a_licence_that_was_changed(provider: Provider, write: Write) -> None:
    path = write(a="/open")
    watch("--write")
    changed(provider)
    result = watch()
    assert result.exit_code == 1
    assert (
        f"docs/models.yml:11:12: a: the licence at {provider.address}/open was changed since 2026-09-21 [licence"
        in (result.stdout)
    )
    assert "[-commercial or not-]{+not commercial+}" in result.stdout
    assert "New: not for weapons." in result.stdout
    output = json.loads(watch("--format", "json").stdout)
    (one,) = output["watched"]
    assert (one["state"], one["models"], one["kept"], output["summary"]["errors"]) == ("changed", ["a"], [HASH], 1)
    assert [change["kinds"] for change in one["redline"]["changes"]]
    # Kept as it is now, it is not reported again; the copy of the text before stays.
    assert watch("--write").exit_code == 1
    assert watch().exit_code == 0
    assert one["sha256"] in path.read_text("utf-8")
    assert len(list((path.parents[1] / "licences").iterdir())) == 2


def test_a_change_without_a_kept_copy(provider: Provider, write: Write) -> None:
    write(more=f"\n      sha256: {HASH}", a="/open")
    changed(provider)
    result = watch()
    assert (
        result.exit_code,
        "no copy of the text before is kept, so its changes cannot be shown" in result.stdout,
    ) == (
        1,
        True,
    )


def test_a_copy_that_was_altered_is_not_used(provider: Provider, write: Write) -> None:
    path = write(a="/open")
    watch("--write")
    (path.parents[1] / f"licences/{HASH}.txt").write_text("forged")
    changed(provider)
    assert "no copy of the text before is kept" in watch().stdout


def test_a_published_copy(provider: Provider, write: Write) -> None:
    path = write(a="/open", b="/open")
    result = watch("--write", "--publish", "a")
    assert result.exit_code == 0, result.output
    assert (path.parent / f"licences/{HASH[:12]}.txt").read_text("utf-8") == TEXT
    first, second = read_catalogue(decode(path.read_bytes(), "m.yml")).models
    assert (first.eula.copy, second.eula.copy) == (f"licences/{HASH[:12]}.txt", None)
    changed(provider)
    assert "[-commercial or not-]" in watch("--write").stdout
    new = read_catalogue(decode(path.read_bytes(), "m.yml")).models[0].eula
    assert new.sha256 != HASH
    assert (path.parent / str(new.copy)).is_file()


def test_quotes_are_looked_for_in_the_text(provider: Provider, write: Write) -> None:
    quote = "\n      quotes: [{about: Commercial use, words: 'any purpose, commercial or not', place: Section 1}]"
    write(more=f"\n      sha256: {HASH}{quote}", a="/open")
    assert watch().exit_code == 0
    changed(provider)
    output = watch().stdout
    assert "a: the quote about Commercial use is not in the text at" in output
    assert "[licence-quote]" in output


@pytest.mark.parametrize(
    ("path", "code", "message"),
    [
        ("/status/404", 1, "the licence is no longer at {address} (it answers 404 Not Found); ask Maker where it is"),
        ("/status/410", 1, "(it answers 410 Gone)"),
        ("/status/503", 2, "{address} could not be read: it answers 503 Service Unavailable"),
        ("/status/403", 2, "could not be read: it answers 403 Forbidden"),
        ("/loop", 2, "could not be read: it redirects too often, or in a circle"),
        ("/plain-http", 2, "it redirects to http://127.0.0.1:1/, which is not followed"),
        ("/large", 2, "it has more than 8,388,608 bytes, the most that is read"),
        ("/slow", 2, "it has not answered within 1 seconds"),
        ("/changing", 2, "answers differently each time, so it cannot be compared"),
        ("/empty", 2, "it has no visible text; name an address that needs no script"),
        ("/picture", 2, "could not be read: this file is "),
    ],
)
def test_addresses_that_cannot_be_compared(
    provider: Provider, write: Write, path: str, code: int, message: str
) -> None:
    provider.pages["/empty"] = ("text/html", b"<!doctype html><body><script>render()</script></body>")
    provider.pages["/picture"] = ("application/pdf", b"PK\x03\x04" + bytes(50))
    provider.redirects["/plain-http"] = "http://127.0.0.1:1/"
    file = write(more=f"\n      sha256: {HASH}", a=path)
    before = file.read_bytes()
    result = watch("--write")
    assert (result.exit_code, message.format(address=f"{provider.address}{path}") in result.stdout) == (code, True), (
        result.output
    )
    assert file.read_bytes() == before
    assert not (file.parents[1] / "licences").exists()


def test_one_bad_address_hides_no_change_of_another(provider: Provider, write: Write) -> None:
    write(more=f"\n      sha256: {HASH}", a="/slow", b="/open", c="/changing")
    changed(provider)
    result = watch()
    assert (result.exit_code, "3 addresses: 1 changed, 1 unstable, 1 unreachable" in result.stdout) == (1, True)
    assert watch("--model", "c").exit_code == 2


def test_a_host_that_is_not_there(provider: Provider, write: Write) -> None:
    path = write(a="/open")
    path.write_text(path.read_text().replace(provider.address, "https://127.0.0.1:9"), "utf-8")
    assert (watch().exit_code, "it does not answer" in watch().stdout) == (2, True)


def test_a_certificate_that_nobody_knows(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    write(a="/open")
    monkeypatch.delenv("SSL_CERT_FILE")
    assert "certificate verify failed" in watch().stdout


def test_the_target_of_a_redirect_is_reported(provider: Provider, write: Write) -> None:
    provider.redirects["/old"] = "/open"
    write(more=f"\n      sha256: {HASH}", a="/old")
    result = watch()
    assert result.exit_code == 0
    assert (
        f"{provider.address}/old leads to {provider.address}/open; look whether that is the same licence"
        in result.stdout
    )


def test_wrong_usage(write: Write) -> None:
    write(a="/open")
    for options in (("--publish", "a"), ("--write", "--publish", "none"), ("--model", "none")):
        assert watch(*options).exit_code == 2


FLOW = "models:\r\n- {id: a, name: A, provider: P, eula: {spdx: MIT}, modalities: {in: [text], out: [text]}}\r\n"


@pytest.mark.parametrize(
    ("text", "facts", "output"),
    [
        (FLOW, {0: {"sha256": HASH}}, FLOW.replace("spdx: MIT", f"spdx: MIT, sha256: {HASH}")),
        (
            FLOW.replace("spdx: MIT", f'spdx: MIT, retrieved: "2020-01-01", sha256: {"a" * 64}'),
            {0: {"retrieved": "2026-01-31", "sha256": HASH}},
            FLOW.replace("spdx: MIT", f"spdx: MIT, retrieved: 2026-01-31, sha256: {HASH}"),
        ),
        (
            "\ufeffmodels:\n- id: a\n  name: A\n  provider: P\n  modalities: {in: [text], out: [text]}\n"
            "  eula:\n    spdx: MIT # as is",
            {0: {"sha256": HASH}},
            "\ufeffmodels:\n- id: a\n  name: A\n  provider: P\n  modalities: {in: [text], out: [text]}\n"
            f"  eula:\n    spdx: MIT # as is\n    sha256: {HASH}",
        ),
    ],
)  # fmt: skip
def test_only_the_facts_are_written(text: str, facts: dict[int, dict[str, str]], output: str) -> None:
    catalogue = read_catalogue(decode(text.encode(), "m.yml"))
    assert with_facts(catalogue, facts).decode() == output


def test_a_value_on_a_line_of_its_own_is_replaced() -> None:
    text = FLOW.replace("\r", "").replace("{spdx: MIT}", "\n  {spdx:\n  MIT,\n  # one\n  sha256:\n   " + "a" * 64 + "}")
    catalogue = read_catalogue(decode(text.encode(), "m.yml"))
    assert HASH.encode() in with_facts(catalogue, {0: {"sha256": HASH}})


def test_facts_that_would_say_something_else_are_not_written() -> None:
    catalogue = read_catalogue(decode(FLOW.encode(), "m.yml"))
    with pytest.raises(EngrossError, match="cannot be written into this file") as failure:
        # As YAML, this is a number.
        with_facts(catalogue, {0: {"sha256": "1" * 64}})
    assert failure.value.diagnostics[0].fix == f"a: sha256: {'1' * 64}"


def test_a_host_is_not_asked_twice_at_once(provider: Provider, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr(watch_command, "sleep", waited.append)
    provider.pages["/other"] = ("text/plain", b"Other licence")
    write(a="/open", b="/other")
    assert watch().exit_code == 0
    # Each is new, and asked a second time; the first request waits for nobody.
    assert [path for path, _ in provider.requests] == ["/open", "/open", "/other", "/other"]
    assert waited == [2.0] * 3
