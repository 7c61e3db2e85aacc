# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#
# Debian's kernels, by package name: the image that belongs to the newest headers that are installed, unpacked and
# not installed; and vmei.ko for it.

# The newest headers' ABI of a flavour, such as 6.1.0-56-cloud-amd64 or 6.1.0-56-amd64; nothing if there are none.
kernel_abi() {
	local flavour=''
	[[ $1 == generic ]] || flavour=-$1
	find /usr/src -maxdepth 1 -name 'linux-headers-*-amd64' -printf '%f\n' 2>/dev/null | sed 's/^linux-headers-//' |
		grep -xE "[0-9.]+-[0-9]+$flavour-amd64" | sort -V | tail -n 1 || true
}

# fetch PACKAGE VERSION: its file, which stays in build/vm/packages.
kernel_fetch() {
	local package=$1 version=$2 dir=$VM/packages file
	mkdir -p "$dir"
	file=$(find "$dir" -name "${package}_*.deb" -print -quit)
	if [[ -z $file || $file != *_"${version//:/%3a}"_* ]]; then
		rm -f "$dir/${package}"_*.deb
		(cd "$dir" && apt-get -q download "$package=$version" >&2) || return 1
		file=$(find "$dir" -name "${package}_*.deb" -print -quit)
	fi
	echo "$file"
}

# kernel_get FLAVOUR: build/vm/FLAVOUR gets vmlinuz, root/ with its modules, and vmei.ko.
kernel_get() {
	local flavour=$1 dir=$VM/$1 abi version deb
	abi=$(kernel_abi "$flavour")
	[[ -n $abi ]] || skip "no linux-headers of the flavour $flavour here"
	version=$(dpkg-query -W -f '${Version}' "linux-headers-$abi")
	if [[ $(cat "$dir/.for" 2>/dev/null) != "$abi $version 1" ]]; then
		deb=$(kernel_fetch "linux-image-$abi" "$version") || skip "the package linux-image-$abi $version cannot be had"
		rm -rf "$dir"
		mkdir -p "$dir/unpacked"
		dpkg-deb -x "$deb" "$dir/unpacked"
		cp "$dir/unpacked/boot/vmlinuz-$abi" "$dir/vmlinuz"
		kernel_modules "$dir/unpacked" "$dir/root" "$abi"
		rm -rf "$dir/unpacked"
		echo "$abi $version 1" >"$dir/.for"
	fi
	kernel_build_vmei "$dir" "$abi"
}

# What the machine loads: the MEI core, a watchdog driver on it, and what they depend on.
kernel_modules() {
	local from=$1/lib/modules/$3 to=$2/lib/modules/$3 module
	mkdir -p "$to"
	cp "$from/modules.builtin" "$from/modules.order" "$to/"
	for module in drivers/misc/mei/mei.ko drivers/watchdog/mei_wdt.ko drivers/watchdog/watchdog.ko; do
		mkdir -p "$to/kernel/${module%/*}"
		cp "$from/kernel/$module" "$to/kernel/$module"
	done
}

# What the package linux-source has and the headers lack goes to build/vm/mei: the MEI core's own headers, its
# sample program, and the checker of style. False if it cannot be had.
kernel_sources() {
	sh src/transport/vmei/get-mei-headers "$1" "$VM/mei" samples/mei/mei-amt-version.c scripts/checkpatch.pl \
		scripts/spelling.txt scripts/const_structs.checkpatch
}

# kernel_module SOURCES OUT HEADERS: builds a module out of the tree. No warning passes, nor one of sparse.
kernel_module() {
	local sources=$1 out=$2 headers=$3 check=()
	mkdir -p "$out"
	cp -u "$sources"/Kbuild "$sources"/*.c "$out/"
	if compgen -G "$sources/*.h" >/dev/null; then
		cp -u "$sources"/*.h "$out/"
	fi
	if command -v sparse >/dev/null; then
		check=(C=1 CF=-Wsparse-error)
	fi
	make -C "$headers" M="$out" MEI="$VM/mei" W=1 "${check[@]}" KCFLAGS=-Werror modules
}

kernel_build_vmei() {
	local dir=$1 abi=$2 headers=/usr/src/linux-headers-$2
	kernel_sources "$headers" || skip "the headers of the kernel's MEI core cannot be had"
	kernel_module src/transport/vmei "$dir/module" "$headers"
	kernel_module tests/vm/module "$dir/case" "$headers"
	mkdir -p "$dir/root/lib/modules/$abi/extra"
	cp "$dir/module/vmei.ko" "$dir/case/vmei_case.ko" "$dir/root/lib/modules/$abi/extra/"
}
