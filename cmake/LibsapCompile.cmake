# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
# What every target of this project is compiled with. People who embed libsap get none of the warnings.

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES AND PROJECT_IS_TOP_LEVEL)
  set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "Kind of build" FORCE)
endif()

add_library(libsap_warnings INTERFACE)
if(PROJECT_IS_TOP_LEVEL)
  target_compile_options(libsap_warnings INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wcast-qual -Wstrict-prototypes
    -Wmissing-prototypes -Wundef -Wvla -Wswitch -Wformat=2 -Wpointer-arith -Wwrite-strings
    $<$<BOOL:${LIBSAP_WERROR}>:-Werror>)
endif()

add_library(libsap_instrument INTERFACE)
if(LIBSAP_SANITIZE)
  set(flags -fsanitize=${LIBSAP_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_compile_options(libsap_instrument INTERFACE ${flags})
  target_link_options(libsap_instrument INTERFACE ${flags})
endif()
if(LIBSAP_COVERAGE)
  # Two threads and two processes count at once.
  target_compile_options(libsap_instrument INTERFACE --coverage -O0 -fprofile-update=atomic)
  target_link_options(libsap_instrument INTERFACE --coverage)
endif()

# For the project's own programs and for the library alike.
function(libsap_compile target)
  set_target_properties(${target} PROPERTIES C_STANDARD 11 C_STANDARD_REQUIRED ON C_EXTENSIONS OFF)
  target_link_libraries(${target} PRIVATE $<BUILD_INTERFACE:libsap_warnings> $<BUILD_INTERFACE:libsap_instrument>)
endfunction()
