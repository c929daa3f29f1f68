# Compiler flags every Lockstorm target shares.
add_library(lockstorm_flags INTERFACE)
target_compile_options(lockstorm_flags INTERFACE -Wall -Wextra -Wpedantic -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 false alarms on std::string (GCC PR 105562, PR 105329, PR 105651); clang checks the same code.
  target_compile_options(lockstorm_flags INTERFACE -Wno-maybe-uninitialized -Wno-restrict -Wno-stringop-overflow -Wno-array-bounds)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  # libstdc++ 12's own std::stable_sort calls what C++17 has deprecated; clang 19 tells its users. GCC, which
  # keeps that to itself, still warns of our own uses.
  target_compile_options(lockstorm_flags INTERFACE -Wno-deprecated-declarations)
endif()
# Results may not depend on the compiler: no floating-point contraction anywhere.
target_compile_options(lockstorm_flags INTERFACE -ffp-contract=off)
if(LOCKSTORM_SANITIZE)
  target_compile_options(lockstorm_flags INTERFACE -fsanitize=${LOCKSTORM_SANITIZE} -fno-omit-frame-pointer)
  target_link_options(lockstorm_flags INTERFACE -fsanitize=${LOCKSTORM_SANITIZE})
endif()
if(LOCKSTORM_SANITIZE MATCHES "thread" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ says that it cannot see through atomic_thread_fence, which Boost uses inside its fiber contexts.
  target_compile_options(lockstorm_flags INTERFACE -Wno-tsan)
endif()
if(LOCKSTORM_COVERAGE)
  target_compile_options(lockstorm_flags INTERFACE --coverage)
  target_link_options(lockstorm_flags INTERFACE --coverage)
endif()
if(CMAKE_BUILD_TYPE STREQUAL "Debug")
  target_compile_definitions(lockstorm_flags INTERFACE _GLIBCXX_ASSERTIONS)
endif()
