# `cmake --install`: the command with its manual page and completions, the libraries with their headers, and what find_package(lockstorm) reads. Its
# components are `command`, `manual`, `documents`, `licence` and `development`; cmake/debian.cmake makes packages of them.
include(CMakePackageConfigHelpers)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/lockstorm)

set_target_properties(lockstorm_cli PROPERTIES EXPORT_NAME command)
install(TARGETS lockstorm_cli EXPORT lockstorm RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT command)
install(EXPORT lockstorm NAMESPACE lockstorm:: FILE lockstormTargets.cmake DESTINATION ${package_dir} COMPONENT development)

configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/lockstormConfig.cmake.in lockstormConfig.cmake INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(lockstormConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/lockstormConfig.cmake ${PROJECT_BINARY_DIR}/lockstormConfigVersion.cmake
  ${PROJECT_SOURCE_DIR}/cmake/lockstorm_add_scenario.cmake DESTINATION ${package_dir} COMPONENT development)

# What the command says of itself.
set(said_dir ${PROJECT_BINARY_DIR}/share)
file(MAKE_DIRECTORY ${said_dir})
add_custom_command(
  OUTPUT ${said_dir}/lockstorm.1 ${said_dir}/lockstorm.bash ${said_dir}/_lockstorm ${said_dir}/lockstorm.fish
  COMMAND lockstorm_cli manual > ${said_dir}/lockstorm.1
  COMMAND lockstorm_cli completions bash > ${said_dir}/lockstorm.bash
  COMMAND lockstorm_cli completions zsh > ${said_dir}/_lockstorm
  COMMAND lockstorm_cli completions fish > ${said_dir}/lockstorm.fish
  DEPENDS lockstorm_cli
  COMMENT "Writing the manual page and completions" VERBATIM)
add_custom_target(lockstorm_said ALL DEPENDS ${said_dir}/lockstorm.1)
install(FILES ${said_dir}/lockstorm.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT manual)
install(FILES ${said_dir}/lockstorm.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions COMPONENT command RENAME lockstorm)
install(FILES ${said_dir}/_lockstorm DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions COMPONENT command)
install(FILES ${said_dir}/lockstorm.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d COMPONENT command)
install(FILES ${PROJECT_SOURCE_DIR}/README.md ${PROJECT_SOURCE_DIR}/CHANGELOG.md ${PROJECT_SOURCE_DIR}/CONTRIBUTING.md ${PROJECT_SOURCE_DIR}/SECURITY.md DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT documents)
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT licence)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/docs ${PROJECT_SOURCE_DIR}/examples DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT documents)
include(cmake/debian.cmake)
