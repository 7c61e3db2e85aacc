# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#
# The `sap` command in the machine: for image_make, before it packs the archive.

# image_sap_build: the command of the release preset, unless $SAP names another one.
image_sap_build() {
	[[ -z ${SAP:-} ]] || return 0
	cmake --preset release
	cmake --build build/release --target sap_tool -j "$JOBS"
}

# image_sap ROOT: the command, and the libraries that it wants; and `csme`, a whole firmware of it.
image_sap() {
	local sap=${SAP:-build/release/tools/sap/sap} library
	cp "$sap" "$1/bin/sap"
	ldd "$sap" | sed -n 's/.*\(=> \|^[[:space:]]*\)\(\/[^ ]*\) .*/\2/p' | while read -r library; do
		install -D "$library" "$1$library"
	done
	printf '#!/bin/sh\nexec sap csme --vmei "$@"\n' >"$1/bin/csme"
	chmod +x "$1/bin/csme"
	cp examples/firmware.json "$1/vm/firmware.json"
}
