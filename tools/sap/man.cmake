# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
# The manual pages of all commands, asked of the command itself: cmake -DSAP=... -DOUT=... -P man.cmake

# What `sap WORDS OPTION` says; the words are one string with blanks.
function(ask words option result)
  separate_arguments(words)
  execute_process(COMMAND ${SAP} ${words} ${option} OUTPUT_VARIABLE said COMMAND_ERROR_IS_FATAL ANY)
  set(${result} "${said}" PARENT_SCOPE)
endfunction()

function(page words)
  ask("${words}" --man said)
  string(REPLACE " " "-" name "sap ${words}")
  string(REGEX REPLACE "-$" "" name "${name}")
  file(WRITE ${OUT}/${name}.1 "${said}")
endfunction()

function(pages words)
  page("${words}")
  ask("${words}" --commands verbs)
  string(REGEX MATCHALL "[^\n]+" verbs "${verbs}")
  foreach(verb ${verbs})
    # A command that has others ends with dots.
    if(verb MATCHES "^(.*) \\.\\.\\.$")
      pages("${words}${CMAKE_MATCH_1} ")
    else()
      page("${words}${verb}")
    endif()
  endforeach()
endfunction()

file(REMOVE_RECURSE ${OUT})
pages("")
