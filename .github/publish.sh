#!/usr/bin/env bash
# publish.sh build: seals what was merged, builds the site of the version in force, and packs what changed in record/.
#
# This script runs the project's code and its packages, so it gets no key: push.sh pushes what is packed here, in a job of
# its own. The record is compared with the published ledger before anything is sealed, and again at the end: a ledger that
# was cut short or rewritten is never published. Environment:
#   SITE_URL    the public address of the site; required, save for FIRST_TIME
#   FIRST_TIME  1 or true when no ledger was published before
set -euo pipefail

packed=build/record

refuse() {
    echo "$1" >&2
    exit 2
}

verify_against_published() {
    local flags=""
    case ${FIRST_TIME:-} in 1 | true) flags=" --first-time" ;; esac
    if [ -z "${SITE_URL:-}" ]; then
        [ -n "$flags" ] || refuse "SITE_URL is not set, so the record cannot be compared with the published ledger. Set it \
to the public address of the site; set FIRST_TIME=1 if nothing was published before."
        make verify
        return
    fi
    # make and a shell read the address, so it may hold nothing that means anything to them.
    [[ $SITE_URL =~ ^https?://[A-Za-z0-9._~:/%@+-]+$ ]] || refuse "SITE_URL must be an http or https address: $SITE_URL"
    make verify ARGS="--against ${SITE_URL%/}/record/ledger.jsonl$flags"
}

# The packed tar file: `commit`, from which all was built; `changed`, what git says changed in record/; the files.
pack() {
    mkdir -p "$packed"
    git rev-parse HEAD > "$packed/commit"
    git add --all record
    git diff --cached --no-renames --name-status -z HEAD -- record > "$packed/changed"
    git diff --cached --no-renames --diff-filter=d --name-only -z HEAD -- record > "$packed/files"
    tar --create --file "$packed/record.tar" --directory "$packed" commit changed \
        --directory "$PWD" --null --verbatim-files-from --no-recursion --files-from "$packed/files"
}

[ "${1:-}" = build ] || refuse "usage: publish.sh build"
mkdir -p record
verify_against_published
make release
make publish
verify_against_published
pack
