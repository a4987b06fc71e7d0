#!/usr/bin/env bash
# Builds and lints everything in infra-bicep with the Bicep CLI from NuGet; whatever it has to say is a failure.
#   eng/bicep.sh             checks
#   eng/bicep.sh ARGUMENTS   runs the CLI: eng/bicep.sh format --pattern 'infra-bicep/**/*.bicep*'
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

case "${1:-}" in -h | --help) sed -n '2,4p' "$0" | cut -c 3-; exit 0 ;; esac
command -v dotnet > /dev/null || { echo "eng/bicep.sh: the .NET SDK of global.json is needed: https://dot.net" >&2; exit 1; }
dotnet restore eng/bicep/bicep.csproj --verbosity quiet || { echo "eng/bicep.sh: the Bicep CLI could not be downloaded" >&2; exit 1; }
bicep=$(dotnet msbuild eng/bicep/bicep.csproj -t:FindBicep -getProperty:BicepCli) || { echo "$bicep" >&2; exit 1; }
# NuGet packages carry no permissions.
[ -x "$bicep" ] || chmod u+x "$bicep" || exit 1
export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
[ $# -eq 0 ] || exec "$bicep" "$@"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# check NAME COMMAND...: in the background; a word on standard error is a failure, as warnings leave the exit code at 0.
check() {
  local name=$1
  shift
  { "$@" > "$work/$name.out" 2> "$work/$name.err" && [ ! -s "$work/$name.err" ] || touch "$work/$name.failed"; } &
}
formatted() {
  cp -R infra-bicep "$work/formatted"
  "$bicep" format --pattern "$work/formatted/**/*.bicep*" && diff -r infra-bicep "$work/formatted" >&2
}
check lint "$bicep" lint --pattern 'infra-bicep/**/*.bicep*'
check build "$bicep" build infra-bicep/main.bicep --stdout
wait
check format formatted
wait

failed=0
for mark in "$work"/*.failed; do
  [ -e "$mark" ] || continue
  failed=1
  sort -u "${mark%.failed}.err" >&2
  case "$mark" in */format.failed) echo "eng/bicep.sh: run eng/bicep.sh format --pattern 'infra-bicep/**/*.bicep*'" >&2 ;; esac
done
[ "$failed" -eq 0 ] && echo "$(find infra-bicep -name '*.bicep*' ! -name '*.json' | wc -l) files of Bicep built and linted"
exit "$failed"
