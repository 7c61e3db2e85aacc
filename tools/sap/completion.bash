# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#
# Completion of the sap command for bash. It knows no option: it asks the command, so it fits each version.

# Words that begin with what was typed; the first argument.
_sap_offer() {
	mapfile -t COMPREPLY < <(compgen -W "$1" -- "$2")
}

# What an option takes: $1 sap and the command's words, $2 the option, $3 what was typed, $4 its shape.
_sap_value() {
	local words
	case $2:$4 in
	fault:*) words=$($1 --list-faults 2>/dev/null | awk '{ print $1 }') ;;
	set:*)
		words=$($1 --set=help 2>/dev/null | awk '{ print $1 "=" }')
		compopt -o nospace
		;;
	color:*) words='auto always never' ;;
	*:*FILE* | *:*PATH* | *:*DIR*)
		compopt -o filenames
		mapfile -t COMPREPLY < <(compgen -f -- "$3")
		return
		;;
	*:*'|'*) words=${4//|/ } ;;
	*) return ;;
	esac
	_sap_offer "$words" "$3"
}

_sap() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev='' sap=${COMP_WORDS[0]} at=1 name shape
	local -a path=()
	COMPREPLY=()
	((COMP_CWORD > 0)) && prev=${COMP_WORDS[COMP_CWORD - 1]}

	# As far as there are commands: sap, sap filter, ...
	local commands
	while commands=$($sap "${path[@]}" --commands 2>/dev/null) && [[ -n $commands ]]; do
		if ((at == COMP_CWORD)); then
			_sap_offer "$(awk '{ print $1 }' <<<"$commands") --help" "$cur"
			return
		fi
		path+=("${COMP_WORDS[at]}")
		at=$((at + 1))
		# A line that ends with dots is a command that has others.
		grep -q "^${path[-1]} \.\.\.$" <<<"$commands" || break
	done

	# bash takes --fault=NAME apart at the sign.
	if [[ $cur == '=' ]]; then
		cur=''
		name=$prev
	elif [[ $prev == '=' ]]; then
		name=${COMP_WORDS[COMP_CWORD - 2]}
	elif [[ $prev == --* ]]; then
		name=$prev
	fi
	local options
	options=$($sap "${path[@]}" --options 2>/dev/null) || return
	if [[ -n ${name:-} ]]; then
		shape=$(awk -v name="${name#--}" '$1 == name { print $2 }' <<<"$options")
		if [[ -n $shape ]]; then
			_sap_value "$sap ${path[*]}" "${name#--}" "$cur" "$shape"
			return
		fi
	fi
	if [[ $cur == -* ]]; then
		_sap_offer "$(awk '{ print "--" $1 ($2 == "" ? "" : "=") }' <<<"$options")" "$cur"
		[[ ${COMPREPLY[0]:-} == *= ]] && compopt -o nospace
		return
	fi
	compopt -o filenames
	mapfile -t COMPREPLY < <(compgen -f -- "$cur")
}

complete -F _sap sap
