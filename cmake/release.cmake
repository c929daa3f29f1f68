# What releases are built with (preset `dist`, scripts/dist): one binary that needs nothing of the system it runs on, of which two builds are equal to
# the bit. The everyday build is untouched by it.
option(LOCKSTORM_STATIC "Link everything into the command, the C library too" OFF)
set(LOCKSTORM_COMMIT "" CACHE STRING "Commit that is built, for `lockstorm --version`; empty: a checkout, whose sources may be ahead of any commit")

if(LOCKSTORM_STATIC)
  # Two folders must give the same bytes: no path of this machine, and names that g++ draws at random come from the object's name.
  add_compile_options(-ffile-prefix-map=${PROJECT_BINARY_DIR}=. -ffile-prefix-map=${PROJECT_SOURCE_DIR}=.)
  string(REPLACE "<FLAGS>" "<FLAGS> -frandom-seed=<OBJECT>" CMAKE_CXX_COMPILE_OBJECT "${CMAKE_CXX_COMPILE_OBJECT}")
  set(CMAKE_INTERPROCEDURAL_OPTIMIZATION ON)
  add_compile_options(-ffunction-sections -fdata-sections)
  add_link_options(-static-pie -Wl,--gc-sections -Wl,-z,pack-relative-relocs -Wl,-z,relro,-z,now -frandom-seed=lockstorm)
  set(CMAKE_POSITION_INDEPENDENT_CODE ON)
endif()

# The libraries that are in the command, with their licences as SPDX names them: `lockstorm --version` prints them, scripts/release/sbom.py
# makes the bill of materials of them. A version that CMake does not know is asked of the header.
function(lockstorm_header_version header macro out)
  find_path(header_dir_${macro} ${header})
  file(STRINGS ${header_dir_${macro}}/${header} line REGEX "#define[ \t]+${macro}[ \t]" LIMIT_COUNT 1)
  string(REGEX MATCH "[0-9]+[0-9.]*" version "${line}")
  set(${out} ${version} PARENT_SCOPE)
endfunction()

# lockstorm_built_from(target): adds what `cli/built_from.hpp` declares.
function(lockstorm_built_from target)
  foreach(part IN ITEMS MAJOR MINOR RELEASE)
    lockstorm_header_version(xxhash.h XXH_VERSION_${part} xxhash_${part})
  endforeach()
  foreach(part IN ITEMS MAJOR MINOR RELEASE)
    lockstorm_header_version(zstd.h ZSTD_VERSION_${part} zstd_${part})
  endforeach()
  lockstorm_header_version(sqlite3.h SQLITE_VERSION sqlite)
  set(libraries
    "Boost|${Boost_VERSION_STRING}|BSL-1.0"
    "CLI11|${CLI11_VERSION}|BSD-3-Clause"
    "fmt|${fmt_VERSION}|MIT"
    "JSON for Modern C++|${nlohmann_json_VERSION}|MIT"
    "oneTBB|${TBB_VERSION}|Apache-2.0"
    "OpenSSL|${OPENSSL_VERSION}|Apache-2.0"
    "PEGTL|${pegtl_VERSION}|MIT"
    "simdjson|${simdjson_VERSION}|Apache-2.0"
    "SQLite|${sqlite}|blessing"
    "xxHash|${xxhash_MAJOR}.${xxhash_MINOR}.${xxhash_RELEASE}|BSD-2-Clause"
    "yaml-cpp|${yaml-cpp_VERSION}|MIT"
    "Zstandard|${zstd_MAJOR}.${zstd_MINOR}.${zstd_RELEASE}|BSD-3-Clause")
  set(LOCKSTORM_LIBRARIES "")
  foreach(library IN LISTS libraries)
    string(REPLACE "|" "\", \"" fields "${library}")
    string(APPEND LOCKSTORM_LIBRARIES "    {\"${fields}\"},\n")
  endforeach()
  set(LOCKSTORM_IS_STATIC false)
  if(LOCKSTORM_STATIC)
    set(LOCKSTORM_IS_STATIC true)
  endif()
  set(written ${PROJECT_BINARY_DIR}/cli/built_from.cpp)
  configure_file(${PROJECT_SOURCE_DIR}/cli/built_from.cpp.in ${written} @ONLY)
  target_sources(${target} PRIVATE ${written})
  set_source_files_properties(${written} TARGET_DIRECTORY ${target} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
endfunction()
