#!/usr/bin/env bash
# snippets.sh: runs the marked code blocks of README.md against the served component with the local backend.
#
# A marked block follows a line
#
#   <!-- snippet: curl|python|node, prints TEXT -->
#
# It must succeed and print TEXT. If the tool is missing, the block is skipped with a message.

source "$(dirname "${BASH_SOURCE[0]}")/../scripts/serve.sh"

document=$root/README.md
httpx_version=0.28.1

install_httpx() {
    say "Installing httpx $httpx_version into $cache: some seconds, once per machine."
    # In a condition, only `exit` keeps `cached` from keeping an incomplete folder.
    venv "$1" "httpx==$httpx_version" || exit 1
}

# The program for each kind of snippet; empty if it is missing, with the reason in `why`.
why=()
curl=$(command -v curl) || why+=("curl: not on PATH")
node=$(command -v node) || true
if [[ -z $node ]]; then
    why+=("node: not on PATH")
elif (($("$node" -p 'process.versions.node.split(".")[0]') < 18)); then
    why+=("node: $("$node" --version) is older than 18")
    node=''
fi
python=''
if ! command -v python3 >/dev/null; then
    why+=("python: python3 is not on PATH")
elif ! python=$(cached "httpx-$httpx_version" install_httpx)/bin/python || [[ ! -x $python ]]; then
    why+=("python: httpx could not be installed; it needs python3 with venv and the package index")
    python=''
fi

work=$(mktemp -d)
trap 'stop_servers; rm -rf "$work"' EXIT
serve snippets MODEL_BACKEND=local
# Each block becomes NUMBER.TOOL with the server's address, its expected text NUMBER.expect.
awk -v work="$work" -v origin="$origin" '
    /^<!-- snippet: / {
        split(substr($0, length("<!-- snippet: ") + 1), head, ", prints ")
        sub(/ -->$/, "", head[2])
        file = sprintf("%s/%02d.%s", work, ++count, head[1])
        print head[2] > (sprintf("%s/%02d.expect", work, count))
        next
    }
    /^```/ { inside = !inside && file != ""; if (!inside) file = ""; next }
    inside { gsub(/http:\/\/127\.0\.0\.1:3000/, origin); print > file }
' "$document"

# No proxy for the local server.
export NO_PROXY=127.0.0.1 no_proxy=127.0.0.1
ran=0
skipped=0
failed=0
for expect in "$work"/*.expect; do
    block=$(compgen -G "${expect%.expect}.*" | grep -v '\.expect$') || die "$document: a marked snippet has no code block: $(<"$expect")"
    tool=${block##*.}
    case $tool in
        curl) program=(${curl:+bash "$block"}) ;;
        python) program=(${python:+"$python" "$block"}) ;;
        node) program=(${node:+"$node" --input-type=module --eval "$(<"$block")"}) ;;
        *) die "$document: nothing runs a snippet of '$tool'" ;;
    esac
    if [[ ${#program[@]} -eq 0 ]]; then
        skipped=$((skipped + 1))
    elif answer=$(limited 10 "${program[@]}" 2>&1) && [[ $answer == *"$(<"$expect")"* ]]; then
        ran=$((ran + 1))
    else
        failed=$((failed + 1))
        say "snippet ${block##*/} should print '$(<"$expect")' but printed:" "$answer"
        cat "$block" >&2
    fi
done
((ran + skipped + failed > 0)) || die "$document has no marked snippet"
say "Snippets of ${document##*/}: $ran ran, $skipped skipped, $failed failed${why[*]:+ (${why[*]})}"
((failed == 0))
