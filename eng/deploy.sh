#!/usr/bin/env bash
# Deploys RiskDurable into a resource group on Azure: shows what will change, asks, deploys the infrastructure, then one build to both apps.
#   eng/deploy.sh -g RESOURCE-GROUP [options] [-- NAME=VALUE ...]
#     -g, --resource-group NAME    created if it is missing (then --location is needed)
#     -l, --location REGION        region of a new group, and of everything in it
#     -s, --subscription NAME|ID   default: the one that 'az account show' shows
#     -e, --environment NAME       name of the environment, part of every resource's name; default: the parameter file's
#     -p, --parameters FILE        default: infra-bicep/small.bicepparam
#     -y, --yes                    does not ask
#         --infrastructure-only    leaves the build that runs as it is
#         --package FILE.zip       deploys this package instead of building one: a rollback
#   NAME=VALUE are parameters of infra-bicep/main.bicep: monthlyBudget=500 'operators=[...]'
# Needs az (signed in) and the .NET SDK, nothing else. Run again, it brings the group to what files and options say; docs/deployment.md.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 AZURE_CORE_ONLY_SHOW_ERRORS=true

usage() { sed -n '2,14p' "$0" | cut -c 3-; }
fail() { echo "eng/deploy.sh: $*" >&2; exit 1; }
bad() { echo "eng/deploy.sh: $*" >&2; usage >&2; exit 2; }
step() { echo "== $*"; }

group="" location="" subscription="" environment="" parameters=infra-bicep/small.bicepparam yes=0 only=0 package="" extra=()
while [ $# -gt 0 ]; do
  case "$1" in
    -g | --resource-group | -l | --location | -s | --subscription | -e | --environment | -p | --parameters | --package)
      [ $# -ge 2 ] || bad "$1 needs a value" ;;
  esac
  case "$1" in
    -g | --resource-group) group=$2; shift ;;
    -l | --location) location=$2; shift ;;
    -s | --subscription) subscription=$2; shift ;;
    -e | --environment) environment=$2; shift ;;
    -p | --parameters) parameters=$2; shift ;;
    --package) package=$2; shift ;;
    -y | --yes) yes=1 ;;
    --infrastructure-only) only=1 ;;
    -h | --help) usage; exit 0 ;;
    --) shift; extra=("$@"); break ;;
    *) bad "'$1' is no option" ;;
  esac
  shift
done
[ -n "$group" ] || bad "--resource-group is missing"
[ -f "$parameters" ] || fail "there is no parameter file '$parameters'"
[ -z "$package" ] || [ -f "$package" ] || fail "there is no package '$package'"
command -v az > /dev/null || fail "az is needed: https://aka.ms/install-azure-cli"
command -v dotnet > /dev/null || fail "the .NET SDK of global.json is needed: https://dot.net"
for argument in ${extra[@]+"${extra[@]}"}; do
  [[ "$argument" =~ ^[A-Za-z]+= ]] || bad "'$argument' is no parameter: NAME=VALUE"
done

account=$(az account show ${subscription:+--subscription "$subscription"} --query '[id, name]' --output tsv) \
  || fail "az is not signed in, or has no subscription '${subscription:-(default)}': run 'az login'"
subscription=$(head -n 1 <<< "$account")
say() { az "$@" --subscription "$subscription"; }

exists=$(say group exists --name "$group") || fail "could not look for resource group '$group'"
if [ "$exists" != true ]; then
  [ -n "$location" ] || fail "resource group '$group' does not exist; name its region with --location to have it created"
fi
echo "Subscription $(tail -n 1 <<< "$account"), resource group $group, parameters $parameters"

confirm() {
  [ "$yes" -eq 0 ] || return 0
  local answer=""
  read -r -p "$1 [y/N] " answer || true
  case "$answer" in y | Y | yes) return 0 ;; esac
  echo "Not deployed."
  exit 1
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
deployment=riskdurable
output() { say deployment group show --resource-group "$group" --name "$deployment" --query "properties.outputs.$1" --output tsv; }

# What-if needs the group itself; empty it costs nothing.
if [ "$exists" != true ]; then
  confirm "Create resource group $group in $location?"
  say group create --name "$group" --location "$location" --output none || fail "resource group '$group' could not be created"
elif before=$(output '[budgetStart.value, plan.value, apps.value[0].name]' 2> /dev/null); then
  # What a later deployment must repeat: a budget's first month can never be changed, and infrastructure leaves the build that runs as it is.
  { read -r budget && read -r plan && read -r app; } <<< "$before" || true
  [ -z "$budget" ] || extra+=("budgetStart=$budget")
  if [ "$plan" = premium ]; then
    running=$(say functionapp config appsettings list --resource-group "$group" --name "$app" \
      --query "[?name=='WEBSITE_RUN_FROM_PACKAGE'].value | [0]" --output tsv) || fail "the settings of '$app' cannot be read"
    [ -z "$running" ] || extra+=("packageName=${running##*/}")
  fi
fi

inputs=(--resource-group "$group" --parameters "$parameters")
[ -z "$environment" ] || inputs+=(--parameters "environmentName=$environment")
[ -z "$location" ] || inputs+=(--parameters "location=$location")
for argument in ${extra[@]+"${extra[@]}"}; do inputs+=(--parameters "$argument"); done

step "what will change"
say deployment group what-if "${inputs[@]}" || fail "the deployment would not be accepted; nothing was deployed"
confirm "Deploy this to $group?"

step "infrastructure"
say deployment group create --name "$deployment" "${inputs[@]}" --output none \
  || fail "the infrastructure could not be deployed; az deployment operation group list -g $group -n $deployment shows where it stopped. Run again when it is mended"
{ read -r plan && read -r hub && read -r container; } <<< "$(output '[plan.value, hub.value, packageContainer.value]')" \
  || fail "the outputs of deployment '$deployment' cannot be read"
output 'apps.value[].[lane, name, url, hostStorage]' > "$work/apps" || fail "the outputs of deployment '$deployment' cannot be read"

blob=riskdurable-$(date -u +%Y%m%dT%H%M%S).zip
publish() {
  local name=$1 storage=$2
  if [ "$plan" = flex ]; then
    say functionapp deployment source config-zip --resource-group "$group" --name "$name" --src "$package" --output none
    return
  fi
  # Premium apps run from a blob, of the same name in the account of each; a new name each time, so that going back is a setting.
  say storage blob upload --account-name "$storage" --container-name "$container" --name "$blob" --file "$package" --auth-mode login --output none \
    || { echo "eng/deploy.sh: uploading needs a place among the 'operators' of the parameters" >&2; return 1; }
  local address
  address=$(say storage account show --name "$storage" --resource-group "$group" --query primaryEndpoints.blob --output tsv) || return 1
  say functionapp config appsettings set --resource-group "$group" --name "$name" --settings "WEBSITE_RUN_FROM_PACKAGE=$address$container/$blob" --output none || return 1
  say rest --method post --output none \
    --url "/subscriptions/$subscription/resourceGroups/$group/providers/Microsoft.Web/sites/$name/syncfunctiontriggers?api-version=2025-03-01"
}

# answers NAME URL: functions are known to the platform, and the app says something; a demand for a token is an answer, too.
answers() {
  local count
  count=$(say functionapp function list --resource-group "$group" --name "$1" --query 'length(@)' --output tsv 2> /dev/null) || return 1
  [ "${count:-0}" -gt 0 ] || return 1
  az rest --method get --skip-authorization-header --url "$2/api/openapi.json" --output none 2> "$work/answer" || grep -qiE 'unauthorized|\b401\b' "$work/answer"
}

if [ "$only" -eq 0 ]; then
  if [ -z "$package" ]; then
    step "build"
    # The platform's scale controller reads the package's host.json, not the settings that override it: the hub is chosen by the build.
    backend=Storage
    [ "$hub" != durableTaskScheduler ] || backend=Scheduler
    dotnet publish src/RiskDurable.Functions -c Release -p:FunctionsHost=Azure "-p:DurableBackend=$backend" -o "$work/publish" --verbosity quiet \
      || fail "the build for Azure failed; the apps run what they ran before"
    package=$work/riskdurable.zip
    dotnet msbuild eng/zip.proj -nologo -verbosity:quiet "-p:Folder=$work/publish" "-p:File=$package" || fail "the build could not be packed"
  fi
  while IFS=$'\t' read -r lane name url storage <&3; do
    step "$lane: $name"
    publish "$name" "$storage" || fail "the build was not deployed to '$name'; run again when it is mended"
    end=$((SECONDS + ${DEPLOY_PATIENCE:-600}))
    until answers "$name" "$url"; do
      [ "$SECONDS" -lt "$end" ] || fail "$url does not answer; see its log: az webapp log tail -g $group -n $name"
      sleep "${DEPLOY_PAUSE:-10}"
    done
  done 3< "$work/apps"
fi

step "deployed"
key='--query functionKeys.default --output tsv'
while IFS=$'\t' read -r lane name url storage; do
  printf '%-7s %s\n        key: az functionapp keys list --subscription %s -g %s -n %s %s\n' "$lane" "$url" "$subscription" "$group" "$name" "$key"
done < "$work/apps"
{ read -r account && read -r container; } <<< "$(output '[portfolios.value.account, portfolios.value.container]')" || true
rollup=$(awk '$1 == "rollup" { print $3 }' "$work/apps")
deals=$(awk '$1 == "deals" { print $3 }' "$work/apps")
cat << EOF
Next:
  az storage blob upload-batch --auth-mode login --account-name $account --destination $container --destination-path book --source book
  risk rollup book --host $rollup --key KEY
  SMOKE_DEALS_URL=$deals SMOKE_DEALS_KEY=DEALS-KEY eng/smoke.sh $rollup KEY
EOF
