#!/usr/bin/env bash
# Walks through every endpoint of a running application, from upload to rollup to deal analysis, and says what does not answer as it should.
#   eng/smoke.sh URL [KEY]
# On this machine:   risk serve --port 7071 &   eng/smoke.sh http://localhost:7071
# Elsewhere:         eng/smoke.sh https://NAME.azurewebsites.net KEY
# It uploads a small portfolio: the folder SMOKE_FOLDER, or a sample that RISK makes, a command line (default: the one of this source tree).
# Where analyses have an app of their own, SMOKE_DEALS_URL and SMOKE_DEALS_KEY are its address and key.
# SMOKE_PATIENCE is how many seconds one answer, or a whole run, may take; default 180, as the first answer of a cold host takes its time.
set -uo pipefail

[ $# -ge 1 ] || { sed -n '2,8p' "$0" | cut -c 3-; exit 2; }
command -v curl >/dev/null || { echo "eng/smoke.sh: curl is needed" >&2; exit 2; }
url=${1%/}
key=${2:-}
here=$(cd "$(dirname "$0")/.." && pwd)
patience=${SMOKE_PATIENCE:-180}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

passed=0
fail() {
  echo "FAIL $1" >&2
  [ -s "$work/body" ] && { echo "     status $status, body:" >&2; head -c 2000 "$work/body" >&2; echo >&2; }
  exit 1
}
pass() { passed=$((passed + 1)); echo "ok   $1"; }

# call METHOD PATH-OR-ADDRESS [curl options]: sets status; the body and the headers are in $work
call() {
  local method=$1 address=$2
  shift 2
  case "$address" in http*) ;; *) address=$url/$address ;; esac
  # The addresses that Durable Functions gives carry a key of their own, and a header would go before it.
  local header=${key:+x-functions-key: $key}
  case "$address" in *code=*) header="" ;; esac
  status=$(curl -sS -o "$work/body" -D "$work/headers" -w '%{http_code}' --max-time "$patience" -X "$method" ${header:+-H "$header"} "$@" "$address") \
    || { : >"$work/body"; fail "$method $address: no answer"; }
}
expect() { [ "$status" = "$1" ] || fail "$2: expected $1"; pass "$2"; }
# refused STATUS TYPE WHAT: a problem as RFC 9457 has it
refused() {
  [ "$status" = "$1" ] || fail "$3: expected $1"
  grep -qi '^content-type: *application/problem+json' "$work/headers" || fail "$3: the answer is no application/problem+json"
  grep -q "urn:riskdurable:problem:$2\"" "$work/body" || fail "$3: the problem is no '$2'"
  pass "$3: $1"
}
field() { grep -o "\"$1\":\"[^\"]*\"" "$work/body" | head -n 1 | cut -d '"' -f 4; }
holds() { grep -q -- "$1" "$work/body" || fail "$2: '$1' is not in the answer"; pass "$2"; }
header() { grep -qi "^$1:" "$work/headers" || fail "$2: no header $1"; pass "$2"; }
json=(-H 'content-type: application/json')

# poll ADDRESS FIELD WANTED... : asks until the field has one of the values
poll() {
  local address=$1 name=$2 what=""
  shift 2
  local end=$((SECONDS + patience)) pause=0.1
  while [ "$SECONDS" -lt "$end" ]; do
    call GET "$address"
    what=$(field "$name")
    case " $* " in *" $what "*) return 0 ;; esac
    sleep "$pause"
    pause=0.5
  done
  fail "$address: $name is '$what', not one of: $*"
}

# answered ADDRESS: waits for the answer of an analysis
answered() {
  local end=$((SECONDS + patience))
  while [ "$SECONDS" -lt "$end" ]; do
    call GET "$1" -H 'Prefer: wait=20'
    [ "$status" = 202 ] || break
  done
  [ "$status" = 200 ] || fail "$1: expected 200"
}

call GET api/openapi.json
expect 200 "GET openapi.json"
holds '"openapi":"3.1.0"' "openapi.json is OpenAPI 3.1"
if [ -n "$key" ]; then
  kept=$key key=""
  call GET api/runs
  expect 401 "without the key: 401"
  key=$kept
fi

folder=${SMOKE_FOLDER:-}
if [ -z "$folder" ]; then
  folder=$work/book
  ${RISK:-dotnet run -c Release --project "$here/src/RiskDurable.Cli" --} sample "$folder" --deals 12 --trials 2000 --format csv --seed $$ >"$work/body" 2>&1 \
    || { status=none; fail "risk sample $folder"; }
fi

# The id is what follows the first "id" of the definition.
id=$(tr -d '\r\n' <"$folder/portfolio.json" | grep -o '"id"[[:space:]]*:[[:space:]]*"[^"]*"' | head -n 1 | sed 's/.*"\([^"]*\)"$/\1/')
case "$id" in '' | *[!A-Za-z0-9._-]*) status=none; fail "the portfolio's id '$id' is not of letters, digits, '.', '_' and '-'" ;; esac
files=api/portfolios/$id/files

# put FILE [curl options]: uploads a file of the folder
put() {
  local file=$1
  shift
  call PUT "$files/$(printf %s "$file" | sed 's/%/%25/g; s/ /%20/g; s/?/%3F/g; s/#/%23/g')" -H 'content-type: application/octet-stream' --data-binary "@$folder/$file" "$@"
}
put portfolio.json
case "$status" in 200 | 201) pass "PUT portfolio.json: $status" ;; *) fail "PUT portfolio.json: expected 201, or 200" ;; esac
header etag "the answer has an ETag"
tag=$(grep -i '^etag:' "$work/headers" | cut -d ' ' -f 2 | tr -d '\r')
put portfolio.json -H "If-None-Match: $tag"
refused 412 precondition-failed "an unchanged file need not be sent again"
put portfolio.json -H 'Repr-Digest: sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:'
refused 400 bad-input "bytes that are not those of the digest are refused"
put portfolio.json -H 'Content-Encoding: gzip'
refused 415 unsupported-media "an encoded body is refused"
call PUT "$files/c:/windows" --data-binary x
refused 400 bad-input "a path out of the portfolio is refused"
call POST "api/portfolios/$id" "${json[@]}" -d '{"uploaded":false}'
refused 400 bad-input "what is not uploaded is not packed"
while IFS= read -r file; do
  put "$file"
  case "$status" in 200 | 201) ;; *) fail "PUT $file: expected 201, or 200" ;; esac
done < <(cd "$folder" && find . -type f ! -name portfolio.json | sed 's|^\./||')
pass "PUT the other files"
printf 'x' >"$work/part"
part=(-H 'content-type: application/octet-stream' --data-binary "@$work/part" -H 'Repr-Digest: sha-256=:Xd6JaIf2dUybFb/jpEGuSAbfL96UABMR4IvxEGIuC74=:')
call PUT "$files/smoke-parts" "${part[@]}" -H 'Content-Range: bytes 1-1/2'
expect 202 "PUT a part of a file"
call PUT "$files/smoke-parts" "${part[@]}" -H 'Content-Range: bytes 0-0/2'
case "$status" in 200 | 201) pass "PUT the other part" ;; *) fail "PUT the other part: expected 201" ;; esac
call GET "$files"
expect 200 "GET the files"
holds '"path":"portfolio.json"' "the files are listed"
holds '"path":"smoke-parts","bytes":2' "the file of two parts has their length"
call DELETE "$files/smoke-parts"
expect 204 "DELETE a file"
call DELETE "$files/smoke-parts"
refused 404 not-found "a file that is gone"

call POST api/portfolios/some-other-id "${json[@]}" -d '{"uploaded":true}'
refused 400 bad-input "a portfolio of which nothing was uploaded is refused"
holds '"errors":\[{"file":"portfolio.json","place":""' "the refusal lists file and place"
call POST "api/portfolios/$id" "${json[@]}" -d '{"uploaded":true}'
expect 202 "POST the portfolio"
header location "202 has Location"
header retry-after "202 has Retry-After"
portfolio=$(field portfolioUri)
poll "$(field statusQueryGetUri)" runtimeStatus Completed Failed Terminated
[ "$(field runtimeStatus)" = Completed ] || fail "the portfolio is packed"
grep -qi '"problems":\[\]' "$work/body" || fail "the portfolio is packed without problems"
pass "the portfolio is packed"
for _ in $(seq 50); do call GET "$portfolio"; [ "$status" = 200 ] && break; sleep 0.2; done
expect 200 "GET the portfolio"
manifest=$(field manifest)
call GET api/portfolios
holds "\"$id\"" "GET portfolios lists it"
call POST "api/portfolios/$id" "${json[@]}" -d '{'
refused 400 bad-input "a body that is not JSON is refused"
call POST "api/portfolios/$id" "${json[@]}" -d '{"folder":"/etc"}'
refused 400 bad-input "a folder elsewhere is refused"

call POST api/rollups "${json[@]}" -d '{"portfolio":"x","levle":"deals"}'
refused 400 bad-input "a misspelt field is refused"
call POST api/rollups "${json[@]}" -H "Idempotency-Key: smoke-$$" -d "{\"portfolio\":\"$id\"}"
expect 202 "POST a rollup"
run=$(field id) address=$(field runUri)
call POST api/rollups "${json[@]}" -H "Idempotency-Key: smoke-$$" -d "{\"portfolio\":\"$id\"}"
[ "$(field id)" = "$run" ] || fail "the same Idempotency-Key gives the same run"
pass "the same Idempotency-Key gives the same run"
poll "$address" status completed failed refused
[ "$(field status)" = completed ] || fail "the rollup completes"
pass "the rollup completes"
holds '"name":"report"' "GET the run shows its stages"
call GET "$address/decisions"
expect 200 "GET the run's decisions"
holds '"stages":\[' "every stage has its reasons"
call GET "api/objects/$manifest.manifest"
expect 200 "GET an object"
holds "\"$id\"" "the object is the portfolio's manifest"
call GET "api/objects/$manifest.manifest" -H 'Range: bytes=0-0'
expect 206 "GET a range of an object"
[ "$(wc -c <"$work/body")" -eq 1 ] || fail "a range is as long as it was asked for"
pass "a range is as long as it was asked for"
call GET "api/objects/$(printf '%064d' 0).manifest"
refused 404 not-found "an object that is not there"
call GET "api/runs?status=completed&portfolio=$id"
holds "\"$run\"" "GET runs lists it"
call GET api/runs/rollup-none
refused 404 not-found "an unknown run"

call GET "$address/nodes"
expect 200 "GET the root node"
header etag "the node has an ETag"
tag=$(grep -i '^etag:' "$work/headers" | cut -d ' ' -f 2 | tr -d '\r')
call GET "$address/nodes" -H "If-None-Match: $tag"
expect 304 "an unchanged node: 304"
call GET "$address/nodes"
deal=""
for _ in 1 2 3 4 5 6 7 8; do
  child=$(grep -o '"children":.*' "$work/body" | grep -o '"uri":"[^"]*"' | head -n 1 | cut -d '"' -f 4)
  [ -n "$child" ] || break
  call GET "$child"
  [ "$status" = 200 ] || fail "GET the child $child"
  deal=$(field node | sed -n 's|.*/deal=\([^/]*\)$|\1|p')
  [ -z "$deal" ] || break
done
[ -n "$deal" ] || fail "following the children leads to a deal"
pass "following the children leads to deal $deal"
call GET "$child/curve"
holds '"epType":3' "GET a curve as JSON"
call GET "$child/curve?format=csv"
[ "$(head -n 1 "$work/body" | tr -d '\r')" = node,ep_type,return_period,loss ] || fail "GET a curve as CSV"
pass "GET a curve as CSV"
call GET "$address/nodes/lob=none-such"
refused 404 not-found "an unknown node"
call DELETE "$address"
refused 409 wrong-state "a run that has ended cannot be cancelled"

rollup_url=$url rollup_key=$key
url=${SMOKE_DEALS_URL:-$url} key=${SMOKE_DEALS_KEY:-$key}
url=${url%/}
call POST api/deals/analytics "${json[@]}" -H 'Prefer: wait=20' -d "{\"portfolio\":\"$run\",\"dealIds\":[\"$deal\"]}"
case "$status" in 200 | 202) ;; *) fail "POST deal analytics: expected 200, or 202" ;; esac
[ "$status" = 200 ] || answered "$(field analysisUri)"
pass "POST deal analytics, waiting for the answer"
holds '"impact":{' "the answer has the marginal impact"
call POST api/deals/analytics "${json[@]}" -d "{\"portfolio\":\"$id\",\"dealIds\":[\"$deal\"]}"
expect 202 "POST deal analytics, not waiting"
answered "$(field analysisUri)"
pass "GET the analysis"
call POST api/deals/analytics "${json[@]}" -d "{\"portfolio\":\"$id\",\"dealIds\":[]}"
refused 400 bad-input "deal analytics of no deal is refused"
url=$rollup_url key=$rollup_key

call POST api/rollups "${json[@]}" -d "{\"uploaded\":\"$id\",\"blockTrials\":50,\"returnPeriods\":[7]}"
expect 202 "POST a rollup to cancel"
address=$(field runUri)
call DELETE "$address"
expect 202 "DELETE the run"
poll "$address" status cancelled completed failed
[ "$(field status)" != failed ] || fail "the run is cancelled"
pass "the run is $(field status)"
call POST api/rollups "${json[@]}" -d "{\"manifest\":\"$manifest\",\"level\":\"tags\"}"
expect 202 "POST a rollup of a manifest"
poll "$(field runUri)" status completed failed
[ "$(field status)" = completed ] || fail "a rollup after a cancelled one completes"
pass "a rollup after a cancelled one completes"

echo "$url: $passed checks passed"
