"""Post a review as one comment on its pull request or merge request, and update that comment from then on.

    python -I post_comment.py FILE

The first line of FILE is a marker, such as <!-- engross-review -->: the comment to update is the one of ours that
begins with it. The host says through variables where to post: on GitHub GITHUB_API_URL, GITHUB_REPOSITORY, PULL_REQUEST
(its number) and GITHUB_TOKEN; on GitLab CI_API_V4_URL, CI_PROJECT_ID, CI_MERGE_REQUEST_IID and ENGROSS_COMMENT_TOKEN.
The program follows no redirect, so that the token goes to no other host.

Exits with 0 if the comment is posted or there is no token, 1 if the host refuses, 2 if the file or a variable is wrong.
"""

import http.client
import json
import os
import re
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NoReturn

SECONDS = 30
MOST = 1 << 24
"""The most bytes that are read of an answer."""
LONGEST = {"GitHub": 65_536, "GitLab": 1_000_000}
"""The most characters that a comment may have."""
PAGES = 50
"""The most pages of 100 comments that are searched."""
MARKER = re.compile(r"<!-- engross[a-z -]*-->")
"""What the first line of a review may be: a review must not replace the comment of another bot."""


def stop(why: str, code: int) -> NoReturn:
    """End the program."""
    print(f"The review was not posted: {why}", file=sys.stderr)
    sys.exit(code)


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """Makes a redirect an error."""

    def redirect_request(self, *_given: Any, **_named: Any) -> None:
        """Follow none."""


class Host:
    """Where the comments of one pull request or merge request are, and how to write them."""

    def __init__(self, name: str, comments: str, comment: str, headers: Mapping[str, str], update: str) -> None:
        self.name, self.comments, self.comment = name, comments, comment
        self.headers, self.update = headers, update
        self.own: object = None
        """The id of our own user, where the host can say it."""

    def ask(self, method: str, address: str, content: object = None) -> Any:
        """Send a request and return the answer. Raises OSError or ValueError."""
        data = None if content is None else json.dumps(content).encode()
        headers = {"Content-Type": "application/json", "User-Agent": "engross", **self.headers}
        request = urllib.request.Request(address, data, headers, method=method)
        with urllib.request.build_opener(NoRedirect).open(request, timeout=SECONDS) as answer:
            return json.loads(answer.read(MOST))

    def list(self) -> Iterator[dict[str, Any]]:
        """Yield the comments, the oldest first."""
        for page in range(1, PAGES + 1):
            found = self.ask("GET", f"{self.comments}?per_page=100&page={page}{self.oldest_first}")
            yield from found
            if len(found) < 100:
                return

    @property
    def oldest_first(self) -> str:
        """How to ask for the oldest comments first."""
        return "&sort=asc&order_by=created_at" if self.name == "GitLab" else ""

    def is_ours(self, comment: Mapping[str, Any]) -> bool:
        """Whether a comment was written with our token: nobody else's comment is ever changed."""
        if self.name == "GitLab":
            return bool((comment.get("author") or {}).get("id") == self.own)
        return (comment.get("user") or {}).get("type") == "Bot"


def find_host(variables: Mapping[str, str]) -> Host | None:
    """Return the host that runs this job; None if it gave no token."""
    if "CI_API_V4_URL" in variables:
        token = variables.get("ENGROSS_COMMENT_TOKEN")
        project = urllib.parse.quote(needed(variables, "CI_PROJECT_ID"), safe="")
        at = f"projects/{project}/merge_requests/{number(variables, 'CI_MERGE_REQUEST_IID')}/notes"
        notes = f"{needed(variables, 'CI_API_V4_URL')}/{at}"
        if not token:
            return None
        host = Host("GitLab", notes, notes, {"PRIVATE-TOKEN": token}, "PUT")
        host.own = host.ask("GET", f"{variables['CI_API_V4_URL']}/user")["id"]
        return host
    token = variables.get("GITHUB_TOKEN")
    issues = f"{needed(variables, 'GITHUB_API_URL')}/repos/{needed(variables, 'GITHUB_REPOSITORY')}/issues"
    comments = f"{issues}/{number(variables, 'PULL_REQUEST')}/comments"
    if not token:
        return None
    return Host("GitHub", comments, f"{issues}/comments", {"Authorization": f"Bearer {token}"}, "PATCH")


def needed(variables: Mapping[str, str], name: str) -> str:
    """Return a variable that the host must have set."""
    return variables.get(name) or stop(f"{name} is not set. Run this program in the job of a host.", 2)


def number(variables: Mapping[str, str], name: str) -> str:
    """Return a variable that must be a number."""
    value = needed(variables, name)
    return value if re.fullmatch("[0-9]{1,18}", value) else stop(f"{name} is no number: {value!r}", 2)


def post(host: Host, text: str) -> str:
    """Post a text or update the comment with its marker. Returns what was done. Raises OSError or ValueError."""
    marker = text.split("\n", 1)[0]
    for comment in host.list():
        if str(comment.get("body") or "").startswith(marker) and host.is_ours(comment):
            host.ask(host.update, f"{host.comment}/{int(comment['id'])}", {"body": text})
            return "The comment with the review is updated."
    host.ask("POST", host.comments, {"body": text})
    return "The review is posted as a comment."


def read_text(path: str) -> str:
    """Return the text of a comment, which must begin with its marker."""
    try:
        with open(path, encoding="utf-8", newline="") as file:
            text = file.read(MOST).replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError) as problem:
        stop(f"{path} cannot be read: {problem}", 2)
    if not MARKER.fullmatch(text.split("\n", 1)[0]):
        stop(f"the first line of {path} is no marker such as <!-- engross-review -->", 2)
    return text


def main(arguments: Sequence[str]) -> int:
    """Post the comment. Returns the exit code."""
    if len(arguments) != 1:
        print("usage: post_comment.py FILE", file=sys.stderr)
        return 2
    text = read_text(arguments[0])
    try:
        host = find_host(os.environ)
        if host is None:
            print("There is no token to post a comment with. The review is in the summary or the artifacts of the job.")
            return 0
        if len(text) > LONGEST[host.name]:
            stop(f"{host.name} allows {LONGEST[host.name]:,} characters in a comment, and it has {len(text):,}", 2)
        print(post(host, text))
    except urllib.error.HTTPError as problem:
        problem.close()
        stop(f"the host answers {problem.code} {problem.reason}; may the token write comments?", 1)
    except (OSError, ValueError, KeyError, TypeError, RecursionError, http.client.HTTPException) as problem:
        stop(f"the host does not answer as expected: {str(problem)!r}", 1)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
