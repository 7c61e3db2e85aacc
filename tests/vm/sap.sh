# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#
# The `sap` command in the machine: for image_make, before it packs the archive.

# image_sap ROOT: the command as it was built, and the libraries that it wants.
image_sap() {
	local library
	cp "${SAP:-build/release/tools/sap/sap}" "$1/bin/sap"
	ldd "$1/bin/sap" | sed -n 's/.*\(=> \|^[[:space:]]*\)\(\/[^ ]*\) .*/\2/p' | while read -r library; do
		install -D "$library" "$1$library"
	done
}
