#!/usr/bin/env bash
# Installs what the tests need, builds everything and runs every test project, as many sections at once as there are cores (4 at most).
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
    -h | --help) sed -n '2,4p' "$0" | cut -c 3-; exit 0 ;;
    *) filters+=("$argument") ;;
  esac
done
export RISKDURABLE_LONG_TESTS=$long
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1

# Hundreds of processes that end within seconds: what pays for itself later only costs here. The long suites run as users do.
[ "$long" -eq 1 ] || export DOTNET_TieredPGO=0 DOTNET_EnableWriteXorExecute=0

command -v dotnet > /dev/null || { echo "eng/test.sh: the .NET SDK of global.json is needed: https://dot.net" >&2; exit 1; }

# Temporary files of everything that runs below are in here, so that nothing outlives this script, however a test ended.
work=$(mktemp -d "${TMPDIR:-/tmp}/riskdurable.XXXXXX") && mkdir "$work/tmp" || exit 1
export TMPDIR=$work/tmp
groups=()
end_groups() {
  local group
  for group in ${groups[@]+"${groups[@]}"}; do kill "-$1" -- "-$group"; done 2> /dev/null
}
clean_up() {
  dotnet build-server shutdown --vbcscompiler > /dev/null 2>&1
  end_groups KILL
  rm -rf "$work"
}
trap clean_up EXIT

# Test hosts end their processes and folders on an interrupt; what has not ended after ten seconds is killed.
interrupt() {
  trap '' INT TERM
  local wait
  end_groups INT
  for wait in {1..40}; do
    [ -n "$(jobs -r)" ] || break
    sleep 0.25
  done
  echo "eng/test.sh: interrupted" >&2
  exit 130
}
trap interrupt INT TERM

# A section is a name and a command. What it writes is shown as a whole when it has ended; $work/N.counts says "passed failed skipped".
names=() commands=() sections=0
section() {
  names+=("$1") commands+=("$2")
  sections=$((sections + 1))
}

count() { sed -nE "s/^ *$1: ([0-9]+).*/\1/p" "$2" | tail -n 1; }
run_section() {
  local number=$1 from=$SECONDS code p=0 f=0 s=0 out=$work/$1.out
  echo ".. ${names[number]}"
  ${commands[number]} > "$out" 2>&1
  code=$?
  case "${commands[number]}" in run_tests*) p=$(count succeeded "$out") f=$(count failed "$out") s=$(count skipped "$out") ;; esac
  # A check that fails, a crash of a test process and a project without a test are failures even where no test says so.
  if [ "$code" -ne 0 ] && [ "${f:-0}" -eq 0 ]; then
    f=1
    echo "eng/test.sh: ${names[number]} ended with exit code $code" >> "$out"
  fi
  until mkdir "$work/printing" 2> /dev/null; do sleep 0.1; done
  echo "== ${names[number]} ($((SECONDS - from)) s)"
  cat "$out"
  rmdir "$work/printing"
  echo "${p:-0} ${f:-0} ${s:-0}" > "$work/$number.counts"
}

# Each lane takes the next section that no other has taken.
lane() {
  trap 'exit 130' INT TERM
  local number
  for ((number = 0; number < sections; number++)); do
    mkdir "$work/$number.taken" 2> /dev/null && run_section "$number"
  done
}

cores=$(getconf _NPROCESSORS_ONLN 2> /dev/null || echo 2)
run_sections() {
  local started
  # With job control each lane is a process group, which an interrupt can end as a whole.
  set -m
  for ((started = 0; started < cores && started < 4; started++)); do
    lane < /dev/null &
    groups+=("$!")
  done
  set +m
  wait
}

finish() {
  local number p f s passed=0 failed=0 skipped=0
  for ((number = 0; number < sections; number++)); do
    if [ -f "$work/$number.counts" ]; then
      read -r p f s < "$work/$number.counts"
    else
      echo "eng/test.sh: ${names[number]} did not come to its end" >&2
      p=0 f=1 s=0
    fi
    passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
  done
  echo "$passed passed, $failed failed, $skipped skipped"
  [ "$failed" -eq 0 ]
  exit $?
}

build() {
  dotnet restore RiskDurable.sln --verbosity quiet || return
  # One compiler for all projects: a third of the time. It is sent home at the end.
  dotnet build RiskDurable.sln -c Release --no-restore --verbosity quiet -clp:NoSummary -p:UseSharedCompilation=true
}

# The build itself holds to style and analyzers: loading the solution once more for them would take as long as building it.
format() {
  dotnet format whitespace . --folder --verify-no-changes || { echo "run 'dotnet format'" >&2; return 1; }
}

run_tests() { dotnet "tests/$1/bin/Release/net10.0/$1.dll" --progress off --no-ansi; }

wanted() {
  local filter
  [ ${#filters[@]} -gt 0 ] || return 0
  for filter in "${filters[@]}"; do [[ "$1" == *"$filter"* ]] && return 0; done
  return 1
}

section build build
section Azurite "eng/azurite.sh install"
run_sections
for ((number = 0; number < sections; number++)); do
  read -r _ failed _ < "$work/$number.counts" && [ "$failed" -eq 0 ] || finish
done

# The longest first, so that no core waits for it at the end.
for project in tests/RiskDurable.EndToEnd tests/*.Tests; do
  name=$(basename "$project")
  if wanted "$name"; then section "$name" "run_tests $name"; fi
  if [ "$project" = tests/RiskDurable.EndToEnd ]; then
    section format format
    if [ ${#filters[@]} -eq 0 ]; then
      section "Azure build" eng/check-azure.sh
      section infra eng/bicep.sh
      section audit eng/audit.sh
    fi
  fi
done
run_sections
finish
