"""A legal team's repository: what was posted before the month, and the twelve branches of the month."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from engross.model import Diagnostic
from engross.record import Released, in_force_project, release_some

from .playing import DOCUMENTS, RULES, Site, day, instant, make_site

FAQ = "# Questions\n\n## Asking\n\nAsk us by post.\n"
WITH_FAQ = DOCUMENTS.replace("[rules, models]", "[rules, models, faq]").replace(
    "  - {id: pricing",
    "  - {id: faq, title: Questions, kind: policy, file: faq.md, published: faq/}\n  - {id: pricing",
)
KINDER = RULES.replace("Be kind", "Be very kind")
MKDOCS = """\
site_name: Terms
site_url: https://example.com/
strict: true
theme: {name: material, font: false}
plugins: [{engross: {edition: !ENV [ENGROSS_EDITION, auto]}}]
"""


def git(folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    """Run git in a folder, as someone."""
    who = ("-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")
    return subprocess.run(["git", *who, *args], cwd=folder, check=False, capture_output=True, text=True)


def commit(site: Site, message: str) -> None:
    git(site.root, "add", "--all")
    git(site.root, "commit", "--quiet", "--allow-empty", "--message", message)


def fees(site: Site) -> None:
    site.edit("agreement.md", ("thirty", "twenty"))
    site.note("agreement", slug="fees", summary="Invoices are due sooner.", material="true", effective=instant(40))


def clone(site: Site) -> None:
    site.edit("agreement.md", ("copy the", "clone the"))
    site.note("agreement", slug="clone", summary="Cloning is copying.")


def letter(site: Site) -> None:
    site.edit("agreement.md", ("by notice", "by letter"))
    site.note("agreement", slug="letter", summary="Write a letter.", effective=instant(50))


def not_kinder(site: Site) -> None:
    site.write("rules.md", RULES)
    site.note("rules", "withdraws: rules@2", slug="not-kinder", summary="Kind is kind enough.")


def as_before(site: Site) -> None:
    site.write("rules.md", RULES)
    site.note("rules", "withdraws: rules@2", slug="as-before", summary="The rules stay as they are.")


def rebased(site: Site, slug: str, old: str, new: str) -> None:
    """What `engross change rebase` writes for a fix while the kinder rules are announced."""
    site.edit("rules.md", (old, new))
    site.write(f"changes/{slug}.rules.md", RULES.replace(old, new))
    site.note("rules", "own_text: [rules]", slug=slug, summary=f"Says {new}.")
    facts = ("continues: kinder", "withdraws: rules@2")
    site.note("rules", *facts, slug="kinder-again", summary="Kinder, again.", effective=instant(60))


def illegal(site: Site) -> None:
    rebased(site, "illegal", "unlawful", "illegal")


def anyone(site: Site) -> None:
    rebased(site, "anyone", "[others]", "[anyone]")


def old_name(site: Site) -> None:
    site.edit("models.yml", ("Small One", "Small 1"))
    site.note("models", "restores: models@1", slug="old-name", summary="Small 1 has its name again.")


def larger(site: Site) -> None:
    site.edit("models.yml", ("8192", "16384"))
    site.note("models", slug="larger", summary="Large 1 reads more.")


def no_questions(site: Site) -> None:
    text = WITH_FAQ.replace(", faq]", "]")
    site.write("documents.yml", "".join(line for line in text.splitlines(True) if "id: faq" not in line))
    facts = {"material": "true", "summary": "The questions are no longer published."}
    site.note("faq", "sets: [main]", slug="no-questions", **facts)


def by_mail(site: Site) -> None:
    site.edit("faq.md", ("by post", "by mail"))
    site.note("faq", slug="by-mail", summary="Ask by mail.")


def prices(site: Site) -> None:
    site.note("pricing", slug="prices", summary="Prices rise.", effective=instant(30))


Edit = Callable[[Site], None]
BRANCHES: dict[str, Edit] = {
    edit.__name__.replace("_", "-"): edit
    for edit in (
        fees, clone, letter, not_kinder, as_before, illegal, anyone, old_name, larger, no_questions, by_mail, prices,
    )
}  # fmt: skip
PAIRS = (
    ("fees", "clone"), ("fees", "letter"), ("clone", "letter"), ("not-kinder", "as-before"), ("not-kinder", "illegal"),
    ("illegal", "anyone"), ("old-name", "larger"), ("no-questions", "by-mail"),
)  # fmt: skip
"""The branches that git merges without a conflict, and whose notes clash."""


def write_repository(root: Path) -> None:
    """The repository on the day before the month, with a branch for each change."""
    site = make_site(root, WITH_FAQ, faq=FAQ)
    (root / "mkdocs.yml").write_text(MKDOCS, "utf-8")
    site.write("index.md", "# Home\n")
    site.post("agreement, rules, models, faq, pricing", slug="first")
    site.at(1).edit("models.yml", ("Small 1", "Small One"))
    site.post("models", slug="new-name")
    site.write("rules.md", KINDER)
    site.post("rules", slug="kinder", effective=instant(60))
    (root / ".gitattributes").write_text("record/** -text\n", "utf-8")
    git(root, "init", "--quiet", "--initial-branch=main")
    commit(site, "before the month")
    for name, edit in BRANCHES.items():
        git(root, "checkout", "--quiet", "-b", name, "main")
        edit(site)
        commit(site, name)
    git(root, "checkout", "--quiet", "main")


@dataclass
class Team:
    """A copy of the repository, on a day of the month. The working folder is its own."""

    site: Site

    @classmethod
    def begin(cls, template: Path, root: Path) -> "Team":
        """Copy the repository of `write_repository`."""
        shutil.copytree(template, root)
        os.chdir(root)
        return cls(Site(root).at(10))

    def merge(self, name: str, *options: str) -> None:
        """Merge a branch as a host does; git reports no conflict."""
        commit(self.site, "what people changed")
        done = git(self.site.root, "merge", "--quiet", "--no-ff", "--no-edit", *options, name)
        assert done.returncode == 0, done.stdout + done.stderr

    def release(self, *, dry_run: bool = False) -> Released:
        """Release, and commit the record as publishing does."""
        done = release_some(self.site.folders, self.site.now, dry_run=dry_run)
        if not dry_run:
            commit(self.site, "post what was merged")
        return done

    def seen(self) -> Iterator[str]:
        """What the check, the draft, a release and a site of what is in force show now, each as lines."""
        state = self.site.state()
        yield from (f"check: {one}" for one in map(messages, state.findings()))
        changed = (name for name, draft in state.plan.drafts.documents.items() if draft.changed)
        yield f"draft differs: {', '.join((*changed, *state.plan.drafts.gone)) or 'nothing'}"
        yield from released(self.release(dry_run=True))
        yield f"in force: {', '.join(self.in_force(self.site.now))}"
        yield f"at the end: {', '.join(self.in_force(day(90)))}"

    def in_force(self, at: datetime) -> Iterator[str]:
        """The versions that a site shows at an instant."""
        record = self.site.record
        project = in_force_project(self.site.state().project, record, at)
        for name in project.documents:
            if version := record.in_force(name, at):
                yield str(version.id)


def messages(found: Diagnostic) -> str:
    """A finding as a release prints it, without the names of sealed files, which differ from run to run."""
    text = str(found.with_rule())
    return " ".join(part if not part.startswith("record/") else "record/…" for part in text.split(" "))


def released(done: Released) -> Iterator[str]:
    """What a release posts and what waits, as lines."""
    for entry in done.entries:
        yield f"posts: {entry.name.partition('(')[2].rstrip(')')}, by {' and '.join(one.slug for one in entry.notes)}"
    for waiting in done.waiting:
        yield f"waits: {', '.join(waiting.about)} ({', '.join(Path(path).stem for path in waiting.notes)})"
