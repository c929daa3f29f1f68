# Homebrew formula for Linux; scripts/release/recipes fills in the release.
class Lockstorm < Formula
  desc "Verifies Terraform and OpenTofu state backends for concurrent applies"
  homepage "@HOMEPAGE@"
  url "@SOURCE_URL@"
  sha256 "@SOURCE_SHA256@"
  license "Apache-2.0"

  depends_on "cli11" => :build
  depends_on "cmake" => :build
  depends_on "ninja" => :build
  depends_on "nlohmann-json" => :build
  depends_on "pegtl" => :build
  depends_on "boost"
  depends_on "fmt"
  depends_on :linux
  depends_on "openssl@3"
  depends_on "simdjson"
  depends_on "sqlite"
  depends_on "zstd"
  depends_on "tbb"
  depends_on "xxhash"
  depends_on "yaml-cpp"

  def install
    args = %w[-DLOCKSTORM_TESTS=OFF -DLOCKSTORM_BENCH=OFF]
    system "cmake", "-S", ".", "-B", "build", "-G", "Ninja", *args, *std_cmake_args
    system "cmake", "--build", "build"
    system "cmake", "--install", "build"
  end

  test do
    (testpath/"main.tf").write <<~HCL
      terraform {
        backend "s3" {
          bucket = "b"
          key    = "k"
        }
      }
    HCL
    output = shell_output("#{bin}/lockstorm audit --faults none #{testpath}", 1)
    assert_match "critical", output
    assert_match version.to_s, shell_output("#{bin}/lockstorm --version")
  end
end
