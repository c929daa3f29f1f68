# lockstorm_precompile(target [HEADERS <header>...]): headers of the standard library and of others that nearly every source of the target reads
# are compiled once. Sources still include what they use.
option(LOCKSTORM_PRECOMPILE "Compile the headers of other libraries once for each target" ON)
function(lockstorm_precompile target)
  cmake_parse_arguments(arg "" "" "HEADERS" ${ARGN})
  if(NOT LOCKSTORM_PRECOMPILE)
    return()
  endif()
  target_precompile_headers(${target} PRIVATE <boost/unordered/unordered_flat_map.hpp> <fmt/format.h> <fmt/ranges.h> <algorithm> <array> <charconv>
    <chrono> <deque> <expected> <filesystem> <fstream> <functional> <map> <memory> <optional> <ranges> <set> <span> <sstream> <string>
    <string_view> <variant> <vector> ${arg_HEADERS})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(${target} PRIVATE -fpch-preprocess)  # so that ccache sees what the precompiled header consists of
  endif()
endfunction()
