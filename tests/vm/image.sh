# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#
# What the machine starts from: busybox, modules, programs and cases in a cpio archive.

# busybox-static, unpacked: installing it would remove busybox from who has that.
image_busybox() {
	local deb version
	[[ -x $VM/busybox/bin/busybox ]] && return
	version=$(apt-cache policy busybox-static | sed -n 's/^  Candidate: //p')
	deb=$(kernel_fetch busybox-static "$version") || skip "the package busybox-static cannot be had"
	mkdir -p "$VM/busybox"
	dpkg-deb -x "$deb" "$VM/busybox"
}

# libsap's own firmware is the whole library, so it is built only if something changed.
image_busfw() {
	local to=$1
	shift
	if [[ -e $to && -z $(find src include tests/vm/programs -name '*.[ch]' -newer "$to" -print -quit) ]]; then
		return
	fi
	gcc "$@" -Iinclude -o "$to" tests/vm/programs/busfw.c src/transport/vmei.c src/codec/*.c src/codec/mei/*.c \
		src/core/*.c src/core/mei/*.c
}

# Programs are static: the machine has no libraries. The sample program is the kernel's own.
image_programs() {
	local dir=$VM/programs sources=tests/vm/programs
	local flags=(-static -O1 -g0 -Wall -Wextra -Werror -Isrc/transport/vmei)
	mkdir -p "$dir"
	gcc "${flags[@]}" -o "$dir/firmware" "$sources/firmware.c" "$sources/fw.c"
	# What docs/vmei.md shows is a program too.
	awk '/SPDX.*Clause$/ { program = 1 } /^```/ { program = 0 } program' docs/vmei.md >"$dir/page.c"
	gcc "${flags[@]}" -o "$dir/page" "$dir/page.c"
	gcc "${flags[@]}" -o "$dir/misuse" "$sources/misuse.c" "$sources/fw.c"
	gcc "${flags[@]}" -o "$dir/host" "$sources/host.c"
	image_busfw "$dir/busfw" "${flags[@]}"
	gcc -static -O1 -w -o "$dir/mei-amt-version" "$VM/mei/mei-amt-version.c"
}

# image_make FLAVOUR CASE...
image_make() {
	local dir=$VM/$1 root=$VM/$1/root
	shift
	image_busybox
	image_programs
	rm -rf "${root:?}"/{bin,vm,init,lib64,lib/x86_64-linux-gnu,usr}
	mkdir -p "$root"/{bin,proc,sys,dev,tmp,log,vm}
	cp "$VM/busybox/bin/busybox" "$VM"/programs/{firmware,busfw,page,misuse,host,mei-amt-version} "$root/bin/"
	ln -sf busybox "$root/bin/sh"
	image_sap "$root"
	cp tests/vm/guest/init "$root/init"
	cp tests/vm/guest/case tests/vm/guest/show "$root/vm/"
	cp -r tests/vm/cases "$root/vm/cases"
	chmod +x "$root/init"
	printf '%s\n' "$@" >"$root/cases.list"
	"$root/bin/busybox" depmod -b "$root" "$(ls "$root/lib/modules")"
	(cd "$root" && find . | cpio --quiet -o -H newc -R 0:0 >"$dir/initramfs")
}
