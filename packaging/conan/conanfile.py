"""Conan recipe; scripts/release/recipes fills in the release."""
from conan import ConanFile
from conan.tools.build import check_min_cppstd
from conan.tools.cmake import CMake, CMakeDeps, CMakeToolchain, cmake_layout
from conan.tools.files import get

required_conan_version = ">=2.0"


class LockstormConan(ConanFile):
    name = "lockstorm"
    version = "@VERSION@"
    description = "Verifies Terraform and OpenTofu state backends for concurrent applies: command and C++ libraries"
    license = "Apache-2.0"
    homepage = "@HOMEPAGE@"
    topics = ("terraform", "opentofu", "model-checking", "concurrency")
    package_type = "static-library"
    settings = "os", "arch", "compiler", "build_type"

    def layout(self):
        cmake_layout(self)

    def requirements(self):
        for reference in ("boost/1.81.0", "fmt/9.1.0", "nlohmann_json/3.11.2", "onetbb/2021.8.0", "openssl/3.0.15", "simdjson/3.0.1", "sqlite3/3.40.1", "zstd/1.5.4", "yaml-cpp/0.7.0"):
            self.requires(reference, transitive_headers=True)
        for reference in ("cli11/2.3.2", "taocpp-pegtl/3.2.7", "xxhash/0.8.1"):
            self.requires(reference)

    def validate(self):
        check_min_cppstd(self, 23)

    def source(self):
        get(self, "@SOURCE_URL@", sha256="@SOURCE_SHA256@", strip_root=True)

    def generate(self):
        CMakeDeps(self).generate()
        toolchain = CMakeToolchain(self, generator="Ninja")
        toolchain.variables["LOCKSTORM_TESTS"] = False
        toolchain.variables["LOCKSTORM_BENCH"] = False
        toolchain.generate()

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

    def package(self):
        CMake(self).install()

    def package_info(self):
        # Lockstorm's own files of CMake know the targets and what they need.
        self.cpp_info.set_property("cmake_find_mode", "none")
        self.cpp_info.builddirs.append("lib/cmake/lockstorm")
        self.buildenv_info.prepend_path("PATH", f"{self.package_folder}/bin")
