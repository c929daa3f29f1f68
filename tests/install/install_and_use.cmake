# cmake -DBUILD=... -DWORK=... -DPROJECT=... -DCOMPILER=... -DGENERATOR=... -P install_and_use.cmake
# Installs the build into WORK/tree, then configures, builds and tests PROJECT against nothing but that tree.
function(run)
  cmake_parse_arguments(arg "" "STATUS;OUTPUT" "COMMAND" ${ARGN})
  execute_process(COMMAND ${arg_COMMAND} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT arg_STATUS)
    set(arg_STATUS 0)
  endif()
  if(NOT status EQUAL arg_STATUS)
    list(JOIN arg_COMMAND " " line)
    message(FATAL_ERROR "`${line}` ended with ${status} instead of ${arg_STATUS}:\n${output}")
  endif()
  if(arg_OUTPUT)
    set(${arg_OUTPUT} "${output}" PARENT_SCOPE)
  endif()
endfunction()

file(REMOVE_RECURSE ${WORK})
set(tree ${WORK}/tree)
run(COMMAND ${CMAKE_COMMAND} --install ${BUILD} --prefix ${tree})
foreach(file IN ITEMS bin/lockstorm share/man/man1/lockstorm.1 share/bash-completion/completions/lockstorm
        share/zsh/vendor-completions/_lockstorm share/fish/vendor_completions.d/lockstorm.fish include/lockstorm/sim/world_spec.hpp)
  if(NOT EXISTS ${tree}/${file})
    message(FATAL_ERROR "${file} is not installed")
  endif()
endforeach()

# A violation of the installed command becomes a GoogleTest of the outside project.
run(STATUS 1 COMMAND ${tree}/bin/lockstorm verify --gtest ${WORK}/counterexamples ${PROJECT}/two-jobs.yaml)
run(COMMAND ${CMAKE_COMMAND} -G ${GENERATOR} -S ${PROJECT} -B ${WORK}/build -DCMAKE_CXX_COMPILER=${COMPILER} -DCMAKE_BUILD_TYPE=Release
  -DCMAKE_PREFIX_PATH=${tree} -DCOUNTEREXAMPLES=${WORK}/counterexamples)
run(COMMAND ${CMAKE_COMMAND} --build ${WORK}/build)
run(OUTPUT tested COMMAND ${CMAKE_CTEST_COMMAND} --test-dir ${WORK}/build --output-on-failure)
if(NOT tested MATCHES "100% tests passed, 0 tests failed out of 5")
  message(FATAL_ERROR "the outside project has other tests than it should:\n${tested}")
endif()
message("${tested}")

# The worked example, from where it was installed.
set(example ${tree}/share/doc/lockstorm/examples/your-own-backend)
run(COMMAND ${CMAKE_COMMAND} -G ${GENERATOR} -S ${example} -B ${WORK}/example -DCMAKE_CXX_COMPILER=${COMPILER} -DCMAKE_BUILD_TYPE=Release
  -DCMAKE_PREFIX_PATH=${tree})
run(COMMAND ${CMAKE_COMMAND} --build ${WORK}/example)
run(OUTPUT tested COMMAND ${CMAKE_CTEST_COMMAND} --test-dir ${WORK}/example --output-on-failure)
if(NOT tested MATCHES "100% tests passed, 0 tests failed out of 1")
  message(FATAL_ERROR "the worked example does not pass against the install tree:\n${tested}")
endif()
file(REMOVE_RECURSE ${WORK})
