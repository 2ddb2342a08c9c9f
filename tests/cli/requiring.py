"""An agreement about processing data with requirements of its text."""

import json

from cli_play import DOCUMENTS, Play, engross

DPA = """\
# Data Processing Agreement

## Details

The subject-matter is hosting. It lasts for the term, its nature and purpose is storage. The types of personal data are
names, and the categories of data subjects are employees. Customer is responsible for them.

## Processor

Provider

(a) processes the data on documented instructions only, and warns Customer if an instruction infringes the law;
(b) binds its personnel to confidentiality;
(c) takes the technical and organisational security measures of Article 32;
(d) engages a sub-processor with the prior written authorisation of Customer, under the same obligations;
(e) assists with data subject requests;
(f) assists with a breach or an impact assessment;
(g) deletes or returns the data at the end of the services; and
(h) lets Customer audit and inspect its work.

## Standard Clauses

The parties agree on the the clauses below.

### Clause 1

“Importer” means a person. The Importer warrants it, and keeps Data.

### Docking Clause

A third party may join.

## Closing

The Importer of goods is another.
"""


def require(play: Play, *lines: str) -> None:
    """State settings of the document in documents.yml."""
    entry = ["  - id: dpa", "    title: DPA", "    file: dpa.md", *(f"    {line}" for line in lines)]
    if not any(line.startswith("kind:") for line in lines):
        entry.append("    kind: policy")
    play.write("docs/documents.yml", DOCUMENTS + "\n".join(entry) + "\n")


def found(rule: str, *args: str) -> list[dict[str, str]]:
    printed = json.loads(engross("check", "--format", "json", *args).stdout)
    return [one for one in printed["diagnostics"] if one["rule"] == rule]


def post(play: Play) -> None:
    play.note("first", documents="agreement, data, models, dpa")
    play.release(0)
