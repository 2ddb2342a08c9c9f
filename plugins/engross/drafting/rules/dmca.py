"""Rules for a document of kind dmca: the agent’s facts, the registration, the policy on repeat infringers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import engross.common.lazy_re as re
from engross.common import as_of
from engross.drafting.subject import Finding, Rule, Subject
from engross.model import DmcaAgent, Document, Severity, clause_called

_YEARS = 3
"""A registration ends after three years (37 CFR 201.38(c)(4))."""
_WARNED = timedelta(days=60)
_LETTERS = re.compile(r"\w+")
_DIGIT = re.compile(r"\d")
_BETWEEN = r"[\s()./–-]*"
_REPEAT = re.compile(r"\brepeat(?:ed|edly)?(?:[\s-]+\w+)?[\s-]+infring", re.IGNORECASE)


def _agents(subject: Subject) -> Iterator[tuple[Document, DmcaAgent]]:
    for reading in subject.readings:
        agent = reading.document.entry.requires.agent
        if agent and not reading.document.verbatim:
            yield reading.document, agent


def _check_facts(subject: Subject) -> Iterator[Finding]:
    """Each fact of the agent that the text does not contain."""
    for document, agent in _agents(subject):
        source = document.source
        assert source is not None
        texts = [clause.inline.text for clause in document.root.walk()]
        words = _words(" ".join(texts))
        facts = {
            "name or role": (agent.name, _words(agent.name) in words),
            "postal address": (agent.address, _words(agent.address) in words),
            "telephone number": (agent.telephone, _number(agent.telephone).search(" | ".join(texts)) is not None),
            "e-mail address": (agent.email, any(agent.email.lower() in text.lower() for text in texts)),
        }
        for name, (value, present) in facts.items():
            if not present:
                message = (
                    f"the text does not contain the agent’s {name}, “{value}”, which documents.yml states; "
                    "write it in the text, or correct documents.yml"
                )
                yield Finding(document.id, source.path, 1, 1, message, text=value, fix=value)


def _words(text: str) -> str:
    """The words of a text without punctuation and line breaks, with a blank on each side."""
    return f" {' '.join(_LETTERS.findall(text.lower()))} "


def _number(telephone: str) -> re.Pattern[str]:
    """A pattern that finds a telephone number however its digits are grouped."""
    return re.compile(rf"(?<!\d){_BETWEEN.join(_DIGIT.findall(telephone))}(?!\d)")


def _check_registration(subject: Subject) -> Iterator[Finding]:
    """Each registration that ends within 60 days, has ended, or lies in the future."""
    for document, agent in _agents(subject):
        today, ends = (subject.at or as_of()).date(), _after_years(agent.registered)
        if agent.registered > today:
            message = (
                f"the registration of the agent, {agent.registered}, is in the future; write the day on "
                "which the Copyright Office’s directory has registered the agent"
            )
            place = (document.entry.requires.path, *agent.place)
            yield Finding(document.id, *place, message, text=str(agent.registered), severity=Severity.ERROR)
        if agent.registered > today or today < ends - _WARNED:
            continue
        when = f"ended on {ends}" if today >= ends else f"ends on {ends}"
        message = (
            f"the registration of the agent of {agent.registered} {when}, after three years; renew or amend it in the "
            "Copyright Office’s directory, and write the day here as registered"
        )
        yield Finding(document.id, document.entry.requires.path, *agent.place, message, text=str(agent.registered))


def _after_years(day: date) -> date:
    """The same day three years later; 1 March for 29 February."""
    try:
        return day.replace(year=day.year + _YEARS)
    except ValueError:
        return date(day.year + _YEARS, 3, 1)


def _check_policy(subject: Subject) -> Iterator[Finding]:
    """A text without a policy on repeat infringers."""
    for document, agent in _agents(subject):
        source = document.source
        assert source is not None
        if agent.policy:
            if clause_called(document.root, agent.policy) is None:
                message = (
                    f"{document.id} has no clause {agent.policy}; name the clause with the policy on repeat infringers"
                )
                yield Finding(document.id, document.entry.requires.path, *agent.place, message, text=agent.policy)
        elif not any(_REPEAT.search(clause.inline.text) for clause in document.root.walk()):
            message = (
                "the text has no policy on repeat infringers (17 U.S.C. 512(i)); write one, or name its clause in "
                "documents.yml under agent: repeat_infringers"
            )
            yield Finding(document.id, source.path, 1, 1, message)


_SETTINGS = """\
kind: dmca
agent:
  name: Copyright Agent
  address: 1 Example Street, Springfield, IL 62701
  telephone: +1 555 0100
  email: mailto:copyright@example.com
  registered: 2026-03-01
"""
_CONTACT = """\
# Copyright

Send a notice to our Copyright Agent, 1 Example Street, Springfield, IL 62701, {tel} or copyright@example.com.
"""
_POLICY = "\nWe end the accounts of repeat infringers.\n"
_GOOD = f"{_CONTACT.format(tel='+1 (555) 0100')}{_POLICY}"

AGENT = Rule(
    name="dmca-agent",
    severity=Severity.ERROR,
    summary="A name, address, telephone number or e-mail address of the agent that the text does not contain.",
    why=(
        "The law asks for these facts on the site itself (17 U.S.C. 512(c)(2)). They are stated in documents.yml, so "
        "that a text which lost or mistyped one is found."
    ),
    bad=f"{_CONTACT.format(tel='+1 (555) 0101')}{_POLICY}",
    good=_GOOD,
    check=_check_facts,
    settings=_SETTINGS,
)
REGISTRATION = Rule(
    name="dmca-registration",
    severity=Severity.WARNING,
    summary="A registration of the agent that ends within 60 days, or has ended: three years after its day.",
    why="Without a registration that lasts there is no safe harbor (37 CFR 201.38(c)(4)). Renew it in time.",
    bad=_GOOD,
    good=_GOOD,
    check=_check_registration,
    settings=_SETTINGS.replace("2026-03-01", "2023-03-01"),
    good_settings=_SETTINGS,
    by_day=True,
)
POLICY = Rule(
    name="dmca-repeat-infringers",
    severity=Severity.WARNING,
    summary="A document of kind dmca whose text has no policy on repeat infringers.",
    why=(
        "The safe harbor is only for providers that have such a policy and inform of it (17 U.S.C. 512(i)). It is "
        "recognized by English words. In another language, name its clause under `repeat_infringers`."
    ),
    bad=_CONTACT.format(tel="+1 555 0100"),
    good=_GOOD,
    check=_check_policy,
    settings=_SETTINGS,
)
