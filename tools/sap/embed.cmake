# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
# Makes OUT, a C file that holds the text FILE as the string NAME.

file(READ ${FILE} hex HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
string(REGEX REPLACE "(0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,)" "\\1\n\t" bytes "${bytes}")
file(WRITE ${OUT} "// Made by embed.cmake.\n#include \"dissector.h\"\n\nconst char ${NAME}[] = {\n\t${bytes}0};\n")
