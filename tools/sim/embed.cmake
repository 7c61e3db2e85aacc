# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
# Makes OUT, a C file that holds each of FILES as a string under its name without the ending.

set(text "// Made by embed.cmake.\n#include \"builtin.h\"\n\n#include <stddef.h>\n\n")
set(table "")
foreach(file ${FILES})
  get_filename_component(name ${file} NAME_WE)
  string(MAKE_C_IDENTIFIER ${name} id)
  file(READ ${file} hex HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
  string(REGEX REPLACE "(0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,)" "\\1\n\t" bytes "${bytes}")
  string(APPEND text "static const char ${id}[] = {\n\t${bytes}0};\n\n")
  string(APPEND table "\t{\"${name}\", ${id}},\n")
endforeach()
string(APPEND text "const struct sim_builtin sim_builtins[] = {\n${table}\t{NULL, NULL},\n};\n")
file(WRITE ${OUT} "${text}")
