"""The hash of a site's own templates: any file below them changes it, and what a link leads to."""

from pathlib import Path

from engross.render.templates import environment, own_files_hash, own_folder, templates_hash


def test_any_file_of_the_site_changes_the_hash(tmp_path: Path) -> None:
    own, elsewhere = tmp_path / "templates", tmp_path / "elsewhere"
    own.mkdir()
    elsewhere.mkdir()
    (own / "linked").symlink_to(elsewhere)
    (own / "itself").symlink_to(own)
    found = {(own_files_hash(own), templates_hash(own))}
    for name in ("mine.html", "own.txt", "archive/sub/mine.html", "linked/far.html"):
        path = own / name
        path.parent.mkdir(parents=True, exist_ok=True)
        for text in ("one", "two"):
            path.write_text(text, "utf-8")
            found.add((own_files_hash(own), templates_hash(own)))
    assert len(found) == len({one for one, _ in found}) == len({two for _, two in found}) == 9
    assert own_folder(environment(own)) == own
    assert own_folder(environment()) is None
