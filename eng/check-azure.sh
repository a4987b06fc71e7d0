#!/usr/bin/env bash
# Builds the application for Azure Functions (FunctionsHost=Azure): with the real packages where the package source has them, else against
# compile-only contract packages, where there is a folder of them. Says in one line which it was, or that nothing was checked.
#   eng/check-azure.sh [CONTRACTS]     CONTRACTS: the folder with make-feed.sh; default ../shared/contracts beside the repository
# RISKDURABLE_CHECK_WITH=contracts passes over the real packages.
set -uo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

project=src/RiskDurable.Functions
contracts=${1:-../shared/contracts}
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# The functions that the Functions SDK found, against those of the sources: one that it misses would never be called.
check_functions() {
  local found expected
  found=$(grep -c '"scriptFile"' "$1")
  expected=$(grep -rhoE '^\s*\[Function\(' "$project" --include='*.cs' | wc -l)
  [ "$found" -eq "$expected" ] || { echo "check-azure: the Functions SDK found $found functions, the sources have $expected" >&2; return 1; }
}

if [ "${RISKDURABLE_CHECK_WITH:-}" != contracts ]; then
  if dotnet build "$project" -c Release -p:FunctionsHost=Azure -p:UseSharedCompilation=true --verbosity quiet -clp:NoSummary > "$log" 2>&1; then
    check_functions "$project/bin/azure/Release/net10.0/functions.metadata" || exit 1
    echo "check-azure: built with the real packages"
    exit 0
  elif ! grep -qE 'error NU110[123]|NU1301' "$log"; then
    grep -E 'error|warning' "$log" | grep -v NU1603 | sort -u >&2
    echo "check-azure: the build for Azure failed with the real packages" >&2
    exit 1
  fi
fi

if [ ! -x "$contracts/make-feed.sh" ] && [ ! -f "$contracts/make-feed.sh" ]; then
  echo "check-azure: NOT CHECKED: the package source lacks packages of Azure Functions, and there are no contract packages in $contracts"
  exit 0
fi

feed=$PWD/artifacts/contracts
rm -rf "$feed" artifacts/contract-packages
bash "$contracts/make-feed.sh" "$feed" > "$log" 2>&1 || { cat "$log" >&2; echo "check-azure: the contract packages could not be made" >&2; exit 1; }
version() { basename "$(ls "$feed/$1".[0-9]*.nupkg 2> /dev/null || ls "$feed/${1,,}".[0-9]*.nupkg)" .nupkg | sed -E "s/^$1\.//I"; }

# The stand-ins have the names of the real packages: they stay in a packages folder of their own.
if NUGET_PACKAGES=$PWD/artifacts/contract-packages dotnet build "$project" -c Release --artifacts-path artifacts/contract-build \
  -p:FunctionsHost=Azure -p:RestoreAdditionalProjectSources="$feed" -p:UseSharedCompilation=true \
  -p:FunctionsWorkerVersion="$(version Microsoft.Azure.Functions.Worker)" \
  -p:FunctionsWorkerSdkVersion="$(version Microsoft.Azure.Functions.Worker.Sdk)" \
  -p:FunctionsDurableTaskVersion="$(version Microsoft.Azure.Functions.Worker.Extensions.DurableTask)" \
  -p:FunctionsHttpAspNetCoreVersion="$(version Microsoft.Azure.Functions.Worker.Extensions.Http.AspNetCore)" \
  -p:FunctionsStorageQueuesVersion="$(version Microsoft.Azure.Functions.Worker.Extensions.Storage.Queues)" \
  -p:FunctionsTimerVersion="$(version Microsoft.Azure.Functions.Worker.Extensions.Timer)" \
  -p:DurableTaskCoreVersion="$(version Microsoft.Azure.DurableTask.Core)" \
  --verbosity quiet -clp:NoSummary > "$log" 2>&1; then
  echo "check-azure: type-checked against contract packages; the package source lacks the real ones"
else
  grep -E 'error|warning' "$log" | sort -u >&2
  echo "check-azure: the build for Azure failed against the contract packages" >&2
  exit 1
fi
