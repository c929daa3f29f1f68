# lockstorm_unity(target [APART <source>...]): sources of a room are compiled together, a dozen at a time, so that the headers they share are read
# and their templates instantiated once. APART are those that take long alone. Names in anonymous namespaces differ within a target for this.
option(LOCKSTORM_UNITY "Compile sources a dozen at a time: a build from nothing takes half as long, one after a change to a source longer" ON)
function(lockstorm_unity target)
  cmake_parse_arguments(arg "" "" "APART" ${ARGN})
  if(LOCKSTORM_UNITY)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 12)
    set_source_files_properties(${arg_APART} TARGET_DIRECTORY ${target} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  endif()
endfunction()

# lockstorm_optimise_lightly(target): for code that words and reads, where a third of the compiler's time would go into speed that nobody can measure.
# A release is small there (-Os).
function(lockstorm_optimise_lightly target)
  if(NOT LOCKSTORM_STATIC)
    target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-O1>)
  endif()
endfunction()

# lockstorm_optimise_searches(target [<source>...]): for the inner loops, which are fast in a release, too: the whole target, or these sources.
function(lockstorm_optimise_searches target)
  if(LOCKSTORM_STATIC)
    if(ARGN)
      set_source_files_properties(${ARGN} TARGET_DIRECTORY ${target} PROPERTIES COMPILE_OPTIONS -O2 SKIP_PRECOMPILE_HEADERS ON)
    else()
      target_compile_options(${target} PRIVATE -O2)
    endif()
  endif()
endfunction()
