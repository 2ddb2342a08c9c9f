#!/usr/bin/env bash
# Seals what was merged, builds what is in force, verifies it, and pushes the record.
#
# A push is rejected where something was merged meanwhile: then all of it begins again from what is there now, since what
# was sealed may not be what is next. Set SITE_URL to the site's public address to have the record compared with the
# ledger that is live: a ledger cut short, or rewritten, is never published over it.
set -euo pipefail

branch=${BRANCH:-main}
tries=${TRIES:-5}
live=build/live-ledger.jsonl

compare_with_live() {
    if [ -z "${SITE_URL:-}" ]; then
        echo "SITE_URL is not set: the record is not compared with a ledger kept elsewhere."
        return
    fi
    mkdir -p "$(dirname "$live")"
    local status
    status=$(curl --silent --show-error --location --output "$live" --write-out '%{http_code}' \
        "${SITE_URL%/}/record/ledger.jsonl")
    case $status in
        200) make verify ARGS="--against $live" ;;
        404) echo "Nothing is live at $SITE_URL yet: there is no ledger to compare with." ;;
        *) echo "The live ledger cannot be read: $SITE_URL answers $status." >&2; return 1 ;;
    esac
}

say_head() {
    local head
    head=$(tail -n 1 record/ledger.jsonl | sed 's/.*"hash":"\([0-9a-f]*\)".*/\1/')
    echo "head=$head" >> "${GITHUB_OUTPUT:-/dev/null}"
}

for try in $(seq "$tries"); do
    compare_with_live
    make release
    make publish
    git add --all record
    if git diff --cached --quiet; then
        echo "Nothing new was posted."
        say_head
        exit 0
    fi
    git -c user.name="${GIT_NAME:-Publisher}" -c user.email="${GIT_EMAIL:-publisher@users.noreply.github.com}" \
        commit --quiet --message "Post what was merged"
    if git push --quiet origin "HEAD:$branch"; then
        say_head
        exit 0
    fi
    echo "Something was merged meanwhile; beginning again (try $try of $tries)."
    git fetch --quiet --depth=1 origin "$branch"
    git reset --quiet --hard FETCH_HEAD
    git clean --quiet -fd record
done
echo "The record could not be pushed in $tries tries; run this again when fewer changes are being merged." >&2
exit 1
