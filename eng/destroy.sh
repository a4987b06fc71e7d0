#!/usr/bin/env bash
# Removes RiskDurable from Azure: shows what will go, asks for the name of the resource group, deletes the group.
#   eng/destroy.sh -g RESOURCE-GROUP [-s SUBSCRIPTION] [--with-others]
#     --with-others    also where the group holds resources that eng/deploy.sh did not put there
# Needs az, signed in. What stays is said at the end.
set -uo pipefail
export AZURE_CORE_ONLY_SHOW_ERRORS=true

usage() { sed -n '2,5p' "$0" | cut -c 3-; }
fail() { echo "eng/destroy.sh: $*" >&2; exit 1; }
bad() { echo "eng/destroy.sh: $*" >&2; usage >&2; exit 2; }

group="" subscription="" others=0
while [ $# -gt 0 ]; do
  case "$1" in -g | --resource-group | -s | --subscription) [ $# -ge 2 ] || bad "$1 needs a value" ;; esac
  case "$1" in
    -g | --resource-group) group=$2; shift ;;
    -s | --subscription) subscription=$2; shift ;;
    --with-others) others=1 ;;
    -h | --help) usage; exit 0 ;;
    *) bad "'$1' is no option" ;;
  esac
  shift
done
[ -n "$group" ] || bad "--resource-group is missing"
command -v az > /dev/null || fail "az is needed: https://aka.ms/install-azure-cli"

account=$(az account show ${subscription:+--subscription "$subscription"} --query '[id, name]' --output tsv) \
  || fail "az is not signed in, or has no subscription '${subscription:-(default)}': run 'az login'"
subscription=$(head -n 1 <<< "$account")
say() { az "$@" --subscription "$subscription"; }

exists=$(say group exists --name "$group") || fail "could not look for resource group '$group'"
[ "$exists" = true ] || fail "there is no resource group '$group' in subscription $(tail -n 1 <<< "$account")"

ours=$(say resource list --resource-group "$group" --query "[?tags.application=='riskdurable'].[type, name]" --output tsv) || fail "the resources of '$group' cannot be listed"
# Azure itself adds network interfaces to private endpoints, and failure rules to Application Insights.
foreign=$(say resource list --resource-group "$group" --output tsv \
  --query "[?tags.application!='riskdurable' && type!='Microsoft.Network/networkInterfaces' && !starts_with(name, 'Application Insights Smart Detection') && !starts_with(name, 'Failure Anomalies')].[type, name]") \
  || fail "the resources of '$group' cannot be listed"
[ -n "$ours" ] || fail "resource group '$group' holds nothing that eng/deploy.sh deployed"

echo "In subscription $(tail -n 1 <<< "$account"), resource group $group, these go, and with the storage accounts every portfolio and every result:"
echo "  ${ours//$'\n'/$'\n'  }"
if [ -n "$foreign" ]; then
  echo "and these, which are not of RiskDurable:"
  echo "  ${foreign//$'\n'/$'\n'  }"
  [ "$others" -eq 1 ] || fail "move them to another group, or say --with-others; nothing was deleted"
fi

read -r -p "Type the name of the resource group to delete it: " answer || true
[ "${answer:-}" = "$group" ] || { echo "Nothing was deleted."; exit 1; }

say group delete --name "$group" --yes || fail "resource group '$group' was not deleted entirely; look at the locks: az lock list -g $group"
cat << EOF
Resource group $group is deleted. What stays:
  - storage accounts can be recovered for 14 days in the portal, as long as nobody takes their names;
  - the Log Analytics workspace can be recovered for 14 days (az monitor log-analytics workspace recover); logs are gone after that;
  - the application registration in Entra ID, if the API used one;
  - copies of portfolios and results elsewhere.
EOF
