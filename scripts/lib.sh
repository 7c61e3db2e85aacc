# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#
# What scripts/demo, scripts/test and its stages share: where the tree is, what to say and how, packages,
# and the suites. It is sourced, and needs bash.

set -euo pipefail

# Nothing here asks a question, so nothing may wait for an answer; and a closed stdin stays harmless.
exec </dev/null

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
LOGS=$ROOT/build/log
JOBS=$(nproc)
export ROOT LOGS JOBS

# Our presets name it; tests that configure a project of their own are to use it too.
export CMAKE_GENERATOR=Ninja

cd "$ROOT"
mkdir -p "$LOGS"

# --- what people see ---

# Colours, on a terminal alone.
# shellcheck disable=SC2034 # who sources this uses them
if [[ -t 1 && ${TERM:-dumb} != dumb && -z ${NO_COLOR:-} ]]; then
	BOLD=$'\e[1m' DIM=$'\e[2m' RED=$'\e[31m' GREEN=$'\e[32m' YELLOW=$'\e[33m' PLAIN=$'\e[0m'
else
	BOLD='' DIM='' RED='' GREEN='' YELLOW='' PLAIN=''
fi

die() {
	printf '%s: %s\n' "${0##*/}" "$*" >&2
	exit 1
}

# Seconds since the epoch with one digit after the point, times ten: whole numbers are easier in bash.
now() {
	local t=${EPOCHREALTIME/[^0-9]/}
	echo $((t / 100000))
}

# 123 -> 12.3 s
seconds() {
	printf '%d.%d s' $(($1 / 10)) $(($1 % 10))
}

# --- the tree's files ---

# Files of the tree that match, new ones included, and nothing that a build left. Somebody else's checkout
# will do too, which git by itself refuses to look at.
our_files() {
	local file
	git -c safe.directory="$ROOT" ls-files --cached --others --exclude-standard -- "$@" |
		while read -r file; do
			if [[ -f $file ]]; then
				echo "$file"
			fi
		done
}

# --- packages ---

# Packages of the groups given, each once; `all` means every group.
packages_of() {
	local package groups group wanted
	while read -r package groups; do
		[[ -z $package || $package == '#'* ]] && continue
		groups=" ${groups%%#*} "
		for wanted in "$@"; do
			group=" $wanted "
			if [[ $wanted == all || $groups == *"$group"* ]]; then
				echo "$package"
				break
			fi
		done
	done <scripts/packages
}

# Of the packages on stdin, those that are not installed.
missing_of() {
	local package name arch status native
	declare -A installed
	native=$(dpkg --print-architecture)
	while read -r name arch status; do
		[[ $status == installed ]] || continue
		[[ $arch == all ]] && arch=$native
		installed[$name:$arch]=1
	done < <(dpkg-query -W -f='${Package} ${Architecture} ${db:Status-Status}\n')
	while read -r package; do
		[[ $package == *:* ]] && name=$package || name=$package:$native
		[[ -n ${installed[$name]:-} ]] || echo "$package"
	done
}

as_root() {
	if [[ $(id -u) == 0 ]]; then
		"$@"
	elif [[ -t 2 ]]; then
		sudo "$@"
	else
		sudo -n "$@"
	fi
}

apt_install() {
	local package arch
	for package in "$@"; do
		arch=${package#*:}
		if [[ $package == *:* ]] && ! dpkg --print-foreign-architectures | grep -qx "$arch"; then
			as_root dpkg --add-architecture "$arch"
		fi
	done
	# One list that cannot be had does not mean that these packages cannot.
	as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y update ||
		echo "apt-get update failed: trying with the lists that are there"
	as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y install --no-install-recommends "$@"
}

# Installs what the groups need and the machine lacks. Quiet; apt is not called if nothing is missing.
# Gives 1, having said why, if it cannot.
install_groups() {
	local log=$LOGS/packages.log missing started
	if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
		echo "No apt here: taking for granted that the packages of scripts/packages are installed."
		return 0
	fi
	mapfile -t missing < <(packages_of "$@" | missing_of)
	((${#missing[@]})) || return 0
	if [[ $(id -u) != 0 ]] && ! command -v sudo >/dev/null; then
		printf 'These packages are missing, and there is neither root nor sudo to install them:\n  %s\n' \
			"${missing[*]}" >&2
		return 1
	fi
	started=$(now)
	printf 'Installing packages (%d) ... ' ${#missing[@]}
	if apt_install "${missing[@]}" >"$log" 2>&1; then
		echo "done, $(seconds $(($(now) - started)))"
		return 0
	fi
	echo "failed"
	{
		echo "apt could not install: ${missing[*]}"
		echo "The end of ${log#"$ROOT"/}:"
		tail -n 15 "$log" | sed 's/^/  /'
	} >&2
	return 1
}

# --- for stages: what they say, and how they end ---

SKIPPED=77 # as automake and ctest have it

# A line for people, under the stage's own. Descriptor 3 is theirs; stdout is the log.
note() {
	printf '%s\n' "$*"
	if [[ -e /dev/fd/3 ]]; then
		printf '%s\n' "$*" >&3
	fi
}

skip() {
	note "$*"
	exit $SKIPPED
}

# --- building and the suites ---

# Configures a preset, with more settings if given, and builds it. Later builds only do what changed.
build_preset() {
	local preset=$1
	shift
	cmake --preset "$preset" "$@"
	cmake --build "build/$preset" -j "$JOBS"
}

# A command before ctest, such as setarch.
RUN_UNDER=()

# Runs the suites of a build directory and notes the totals. Arguments for ctest choose others than all but those
# that have a stage of their own: the explorer, which takes minutes where every step is slow, and the dissector.
run_suites() {
	local dir=$1 log status=0 total failed skipped
	shift
	(($#)) || set -- -LE 'explore|dissector'
	log=$(mktemp)
	"${RUN_UNDER[@]}" ctest --test-dir "$dir" --output-on-failure --no-tests=error -j "$JOBS" "$@" 2>&1 | tee "$log" || status=$?
	total=$(sed -n 's/.*tests failed out of \([0-9]*\)$/\1/p' "$log")
	failed=$(sed -n 's/.*, \([0-9]*\) tests failed out of .*/\1/p' "$log")
	skipped=$(grep -c '\*\*\*Skipped\|(Disabled)$' "$log" || true)
	rm -f "$log"
	note "$((${total:-0} - ${failed:-0} - skipped)) tests passed, ${failed:-0} failed, $skipped skipped"
	return "$status"
}
