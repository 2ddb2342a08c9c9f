#!/usr/bin/env bash
# push.sh FILE: pushes the changes of record/ that publish.sh has packed in FILE.
#
# The job that runs this script holds the key to the branch. So it runs nothing but git, bash and the standard library of
# Python: no make, no packages, nothing out of FILE. apply_record.py refuses a FILE that does more than add to the record.
#
# Exits 75 where the branch has moved since the commit that FILE was built from: what was sealed may not be what is next.
set -euo pipefail

branch=${BRANCH:-main}
packed=$1
here=$(dirname "$0")

output() {
    echo "$1" >> "${GITHUB_OUTPUT:-/dev/null}"
}

stop_since_it_moved() {
    echo "$branch has moved since the commit that this was built from. Nothing was pushed; build again from what is there."
    output "moved=true"
    exit 75
}

tip() {
    git ls-remote --exit-code origin "refs/heads/$branch" | cut -f 1
}

built=$(python3 -I "$here/apply_record.py" commit "$packed")
now=$(tip)
if [ "$built" != "$now" ] || [ "$built" != "$(git rev-parse HEAD)" ]; then
    stop_since_it_moved
fi
head=$(python3 -I "$here/apply_record.py" apply "$packed")
if git diff --cached --quiet; then
    echo "There is nothing new to push."
else
    # The commit needs no run of its own: this one deploys it.
    git -c user.name="${GIT_NAME:-Publisher}" -c user.email="${GIT_EMAIL:-publisher@users.noreply.github.com}" \
        commit --quiet --message "Post what was merged" --message "[skip ci]"
    if ! git push --quiet origin "HEAD:refs/heads/$branch"; then
        now=$(tip)
        [ "$built" = "$now" ] || stop_since_it_moved
        echo "The record could not be pushed to $branch, which has not moved: see what git says above." >&2
        exit 1
    fi
fi
output "moved=false"
output "head=$head"
