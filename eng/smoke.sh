#!/usr/bin/env bash
# Walks through every endpoint of a running application and says what does not answer as it should.
#   eng/smoke.sh URL [KEY]
# It makes a small sample below PORTFOLIOS (default: the current folder), which must be a folder that the application reads portfolios from:
#   risk serve --port 7071 &   eng/smoke.sh http://localhost:7071
# For an application elsewhere name a folder that it can read: SMOKE_FOLDER=books/demo eng/smoke.sh https://... KEY
# RISK is the command line that makes the sample; default: the one of this source tree.
set -uo pipefail

[ $# -ge 1 ] || { sed -n '2,8p' "$0" | cut -c 3-; exit 2; }
command -v curl >/dev/null || { echo "eng/smoke.sh: curl is needed" >&2; exit 2; }
url=${1%/}
key=${2:-}
here=$(cd "$(dirname "$0")/.." && pwd)
root=${PORTFOLIOS:-$PWD}
work=$(mktemp -d)
sample=""
trap 'rm -rf "$work" ${sample:+"$root/$sample"}' EXIT

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
  status=$(curl -sS -o "$work/body" -D "$work/headers" -w '%{http_code}' --max-time 60 -X "$method" ${key:+-H "x-functions-key: $key"} "$@" "$address") \
    || { : >"$work/body"; fail "$method $address: no answer"; }
}
expect() { [ "$status" = "$1" ] || fail "$2: expected $1"; pass "$2"; }
field() { grep -o "\"$1\":\"[^\"]*\"" "$work/body" | head -n 1 | cut -d '"' -f 4; }
holds() { grep -q -- "$1" "$work/body" || fail "$2: '$1' is not in the answer"; pass "$2"; }
header() { grep -qi "^$1:" "$work/headers" || fail "$2: no header $1"; pass "$2"; }
json=(-H 'content-type: application/json')

# poll ADDRESS FIELD WANTED... : asks until the field has one of the values
poll() {
  local address=$1 name=$2 what=""
  shift 2
  for _ in $(seq 300); do
    call GET "$address"
    what=$(field "$name")
    case " $* " in *" $what "*) return 0 ;; esac
    sleep 0.1
  done
  fail "$address: $name is '$what', not one of: $*"
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
  sample=smoke-$$ folder=smoke-$$
  ${RISK:-dotnet run -c Release --project "$here/src/RiskDurable.Cli" --} sample "$root/$sample" --deals 12 --trials 2000 --format csv --seed $$ >"$work/body" 2>&1 \
    || { status=none; fail "risk sample $root/$sample"; }
fi

call POST api/portfolios/some-other-id "${json[@]}" -d "{\"folder\":\"$folder\"}"
expect 400 "a portfolio under another id is refused"
holds '"errors":\[{"file":"portfolio.json","place":"$.id"' "the refusal lists file and place"
id=$(field message | sed "s/.*id is '\([^']*\)', the address.*/\1/")
call POST "api/portfolios/$id" "${json[@]}" -d "{\"folder\":\"$folder\"}"
expect 202 "POST a portfolio's folder"
header location "202 has Location"
header retry-after "202 has Retry-After"
portfolio=$(field portfolioUri)
poll "$(field statusQueryGetUri)" runtimeStatus Completed
pass "the portfolio is packed"
for _ in $(seq 50); do call GET "$portfolio"; [ "$status" = 200 ] && break; sleep 0.1; done
expect 200 "GET the portfolio"
manifest=$(field manifest)
call GET api/portfolios
holds "\"$id\"" "GET portfolios lists it"
if [ -n "$sample" ]; then
  call POST "api/portfolios/$id?tables=$folder" "${json[@]}" --data-binary "@$root/$sample/portfolio.json"
  expect 202 "POST a definition with its tables in a folder"
  poll "$(field statusQueryGetUri)" runtimeStatus Completed
fi
call POST "api/portfolios/$id" "${json[@]}" -d '{'
expect 400 "a body that is not JSON is refused"
call POST "api/portfolios/$id" "${json[@]}" -d '{"folder":"/etc"}'
expect 400 "a folder elsewhere is refused"

call POST api/rollups "${json[@]}" -d '{"portfolio":"x","levle":"deals"}'
expect 400 "a misspelt field is refused"
call POST api/rollups "${json[@]}" -H "Idempotency-Key: smoke-$$" -d "{\"portfolio\":\"$id\"}"
expect 202 "POST a rollup"
run=$(field id) address=$(field runUri)
call POST api/rollups "${json[@]}" -H "Idempotency-Key: smoke-$$" -d "{\"portfolio\":\"$id\"}"
[ "$(field id)" = "$run" ] || fail "the same Idempotency-Key gives the same run"
pass "the same Idempotency-Key gives the same run"
poll "$address" status completed
pass "the rollup completes"
holds '"name":"report"' "GET the run shows its stages"
call GET "api/runs?status=completed&portfolio=$id"
holds "\"$run\"" "GET runs lists it"
call GET api/runs/rollup-none
expect 404 "an unknown run: 404"

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
expect 404 "an unknown node: 404"
call DELETE "$address"
expect 409 "a run that has ended cannot be cancelled"

call POST api/deals/analytics "${json[@]}" -H 'Prefer: wait=20' -d "{\"portfolio\":\"$run\",\"dealIds\":[\"$deal\"]}"
expect 200 "POST deal analytics, waiting for the answer"
holds '"impact":{' "the answer has the marginal impact"
call POST api/deals/analytics "${json[@]}" -d "{\"portfolio\":\"$id\",\"dealIds\":[\"$deal\"]}"
expect 202 "POST deal analytics, not waiting"
call GET "$(field analysisUri)" -H 'Prefer: wait=20'
expect 200 "GET the analysis"
call POST api/deals/analytics "${json[@]}" -d "{\"portfolio\":\"$id\",\"dealIds\":[]}"
expect 400 "deal analytics of no deal is refused"

call POST api/rollups "${json[@]}" -d "{\"folder\":\"$folder\",\"blockTrials\":50,\"returnPeriods\":[7]}"
expect 202 "POST a rollup to cancel"
address=$(field runUri)
call DELETE "$address"
expect 202 "DELETE the run"
poll "$address" status cancelled completed failed
[ "$(field status)" != failed ] || fail "the run is cancelled"
pass "the run is $(field status)"
call POST api/rollups "${json[@]}" -d "{\"manifest\":\"$manifest\",\"level\":\"tags\"}"
expect 202 "POST a rollup of a manifest"
poll "$(field runUri)" status completed
pass "a rollup after a cancelled one completes"

echo "$url: $passed checks passed"
