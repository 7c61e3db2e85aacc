# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
# For a processor that is not this machine's: `sap replay` alone, by which tests show that a log means the same
# there. It needs the fewest libraries.

# Debian's multiarch packages put the library of another processor beside the compiler's own path; popt's for
# development would bring the C library's along, so its plain one has to do.
foreach(name jansson popt)
  find_path(${name}_INCLUDE ${name}.h PATHS /usr/include REQUIRED)
  find_library(${name}_LIBRARY NAMES ${name} lib${name}.so.0
    PATHS /usr/lib/${CMAKE_LIBRARY_ARCHITECTURE} /usr/lib/${LIBSAP_MULTIARCH} REQUIRED)
endforeach()

add_executable(sap_replay
  replay_main.c replay.c log_write.c log_read.c log_settings.c
  cli.c man.c file.c demo_text.c demo_json.c
  text_message.c text_value.c frame.c record.c json_entry.c json_message.c json_payload.c json_value.c json_take.c)
set_target_properties(sap_replay PROPERTIES OUTPUT_NAME sap-replay)
target_compile_definitions(sap_replay PRIVATE _POSIX_C_SOURCE=200809L)
target_include_directories(sap_replay SYSTEM PRIVATE ${jansson_INCLUDE})
target_link_libraries(sap_replay PRIVATE sap_sim libsap::sap_static ${jansson_LIBRARY} ${popt_LIBRARY})
libsap_compile(sap_replay)
