#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#
# What bash offers behind `sap ...`: test_completion.sh SAP COMPLETION
set -u
sap=$1
# compopt works inside a real completion alone.
compopt() { :; }
# shellcheck source=tools/sap/completion.bash
source "$2"
failed=0

# offered EXPECTED WORD...: the last word is what is being typed.
offered() {
	local expected=$1
	shift
	COMP_WORDS=("$sap" "$@")
	COMP_CWORD=$#
	COMPREPLY=()
	_sap
	local got="${COMPREPLY[*]:-}"
	# It is a pattern.
	# shellcheck disable=SC2053
	if [[ " $got " != $expected ]]; then
		echo "sap $*: offered '$got', and not as in '$expected'"
		failed=1
	fi
}

cd "$(mktemp -d)" || exit 1
trap 'rm -rf "$PWD"' EXIT
touch some-file.pcap

offered '* decode * demo * --help *' ''
offered ' decode ' dec
offered ' --script= ' demo --sc
offered '* --json *' demo --
offered ' --color= ' demo --co
# bash takes --fault=la apart at the sign.
offered ' late-grant ' demo --fault = la
offered ' late-grant ' demo --fault la
offered '* late-grant *' demo --fault =
offered ' always ' demo --color = al
offered ' throttle= ' host --set = thr
offered ' some-file.pcap ' decode some
offered ' some-file.pcap ' demo --script = some
offered '  ' nonsense --
exit $failed
