# vcpkg port; scripts/release/recipes fills in the release.
vcpkg_download_distfile(archive
  URLS "@SOURCE_URL@"
  FILENAME "lockstorm-@VERSION@-source.tar.gz"
  SHA512 "@SOURCE_SHA512@")
vcpkg_extract_source_archive(source ARCHIVE "${archive}")
vcpkg_check_linkage(ONLY_STATIC_LIBRARY)
vcpkg_cmake_configure(SOURCE_PATH "${source}" OPTIONS -DLOCKSTORM_TESTS=OFF -DLOCKSTORM_BENCH=OFF)
vcpkg_cmake_install()
vcpkg_cmake_config_fixup(PACKAGE_NAME lockstorm CONFIG_PATH lib/cmake/lockstorm)
vcpkg_copy_tools(TOOL_NAMES lockstorm AUTO_CLEAN)
file(REMOVE_RECURSE "${CURRENT_PACKAGES_DIR}/debug/include" "${CURRENT_PACKAGES_DIR}/debug/share")
vcpkg_install_copyright(FILE_LIST "${source}/LICENSE")
