# Debian packages by CPack: `lockstorm` of a static build (scripts/dist), `lockstorm-dev` of one against Debian's libraries. scripts/release/debian says
# which, and puts what Debian wants beside the command (manual and changelog compressed, copyrights, what lintian is told) into share/debian of the build.
set(debian_files ${PROJECT_BINARY_DIR}/share/debian)
foreach(package IN ITEMS lockstorm lockstorm-dev)
  set(component debian_${package})
  install(FILES ${debian_files}/changelog.gz ${debian_files}/copyright DESTINATION share/doc/${package} COMPONENT ${component} EXCLUDE_FROM_ALL)
endforeach()
install(FILES ${debian_files}/lockstorm.overrides DESTINATION share/lintian/overrides COMPONENT debian_lockstorm EXCLUDE_FROM_ALL RENAME lockstorm)
install(FILES ${debian_files}/lockstorm.1.gz DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT debian_lockstorm EXCLUDE_FROM_ALL)

set(LOCKSTORM_MAINTAINER "Lockstorm maintainers <maintainers@lockstorm.invalid>" CACHE STRING "Who answers for the packages: NAME <ADDRESS>")
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME lockstorm)
set(CPACK_PACKAGE_CONTACT ${LOCKSTORM_MAINTAINER})
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_GROUPING ONE_PER_GROUP)
foreach(part IN ITEMS command documents debian_lockstorm)
  string(TOUPPER ${part} PART)
  set(CPACK_COMPONENT_${PART}_GROUP lockstorm)
endforeach()
foreach(part IN ITEMS development debian_lockstorm-dev)
  string(TOUPPER ${part} PART)
  set(CPACK_COMPONENT_${PART}_GROUP lockstorm-dev)
endforeach()
set(CPACK_COMPONENTS_ALL command documents debian_lockstorm)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)

set(CPACK_DEBIAN_LOCKSTORM_PACKAGE_NAME lockstorm)
set(CPACK_DEBIAN_LOCKSTORM_PACKAGE_SECTION admin)
set(CPACK_DEBIAN_LOCKSTORM_DESCRIPTION "verifies Terraform state backends for concurrent applies
Lockstorm finds out whether concurrent runs of terraform apply or tofu apply
on a state backend can corrupt or lose state, and proves it when they cannot:
the protocols of the real clients run against models of the servers, and
within stated bounds every interleaving, crash and lost reply is visited.
.
The command needs no other package.")

set(CPACK_DEBIAN_LOCKSTORM-DEV_PACKAGE_NAME lockstorm-dev)
set(CPACK_DEBIAN_LOCKSTORM-DEV_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_LOCKSTORM-DEV_DESCRIPTION "libraries of Lockstorm, for tests of other projects
Headers, static libraries and CMake files: scenarios as tests of a project's
own, models of other backends, the checkers of recorded histories.")
set(CPACK_DEBIAN_LOCKSTORM-DEV_PACKAGE_DEPENDS "lockstorm (= ${PROJECT_VERSION}), cmake, libboost1.81-dev, libboost-context1.81-dev, libboost-fiber1.81-dev, libfmt-dev, libsimdjson-dev, libssl-dev, libtbb-dev, libyaml-cpp-dev, libzstd-dev, nlohmann-json3-dev")
include(CPack)
