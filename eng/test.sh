#!/usr/bin/env bash
# Installs what the tests need, builds everything and runs every test project.
#   eng/test.sh [--long] [PROJECT-NAME-PART ...]     --long adds the suites that take minutes
# Its last line is "N passed, N failed, N skipped".
set -uo pipefail
cd "$(dirname "$0")/.."

# A shell that starts this in the background makes it ignore Ctrl-C, and so would the processes that the tests interrupt.
if [ -z "${RISKDURABLE_SIGNALS:-}" ] && env --default-signal=INT true 2> /dev/null; then
  RISKDURABLE_SIGNALS=1 exec env --default-signal=INT bash eng/test.sh "$@"
fi

long=0
filters=()
for argument in "$@"; do
  case "$argument" in
    --long) long=1 ;;
    -h | --help) sed -n '2,4p' "$0"; exit 0 ;;
    *) filters+=("$argument") ;;
  esac
done
export RISKDURABLE_LONG_TESTS=$long
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

command -v dotnet >/dev/null || { echo "eng/test.sh: the .NET SDK of global.json is needed: https://dot.net" >&2; exit 1; }

passed=0 failed=0 skipped=0
finish() {
  dotnet build-server shutdown --vbcscompiler > /dev/null 2>&1
  echo "$passed passed, $failed failed, $skipped skipped"
  [ "$failed" -eq 0 ]
  exit $?
}

echo "== format"
dotnet restore RiskDurable.sln --verbosity quiet || { failed=1; finish; }
dotnet format RiskDurable.sln --no-restore --verify-no-changes || { echo "eng/test.sh: run 'dotnet format'" >&2; failed=$((failed + 1)); }

echo "== Azurite"
eng/azurite.sh install || { failed=$((failed + 1)); finish; }

echo "== build"
# One compiler for all projects: a third of the time. It is sent home at the end.
dotnet build RiskDurable.sln -c Release --no-restore --verbosity quiet -nodeReuse:false -p:UseSharedCompilation=true || { failed=$((failed + 1)); finish; }

if [ ${#filters[@]} -eq 0 ]; then
  echo "== infra"
  if eng/bicep.sh; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
fi

if [ ${#filters[@]} -eq 0 ]; then
  echo "== audit"
  eng/audit.sh || failed=$((failed + 1))
  echo "== Azure build"
  eng/check-azure.sh || failed=$((failed + 1))
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
for project in tests/*/*.csproj; do
  name=$(basename "$project" .csproj)
  case "$name" in *.Tests | *.EndToEnd) ;; *) continue ;; esac
  if [ ${#filters[@]} -gt 0 ]; then
    wanted=0
    for filter in "${filters[@]}"; do [[ "$name" == *"$filter"* ]] && wanted=1; done
    [ "$wanted" -eq 1 ] || continue
  fi
  echo "== $name"
  dotnet run --project "$project" -c Release --no-build -- --progress off --no-ansi 2>&1 | tee "$log"
  code=${PIPESTATUS[0]}
  count() { sed -nE "s/^ *$1: ([0-9]+).*/\1/p" "$log" | tail -n 1; }
  p=$(count succeeded) f=$(count failed) s=$(count skipped)
  passed=$((passed + ${p:-0})) failed=$((failed + ${f:-0})) skipped=$((skipped + ${s:-0}))
  # A crash of the test process, or a project without a test, is a failure even where no test says so.
  if [ "$code" -ne 0 ] && [ "${f:-0}" -eq 0 ]; then
    echo "eng/test.sh: $name ended with exit code $code" >&2
    failed=$((failed + 1))
  fi
done
finish
