{
  description = "Verifies Terraform and OpenTofu state backends for concurrent applies";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-24.05";

  outputs = { self, nixpkgs }:
    let
      systems = [ "x86_64-linux" ];
      for_each = nixpkgs.lib.genAttrs systems;
    in
    {
      packages = for_each (system:
        let pkgs = nixpkgs.legacyPackages.${system}; in
        {
          default = pkgs.stdenv.mkDerivation {
            pname = "lockstorm";
            version = "0.1.0";
            src = self;
            nativeBuildInputs = with pkgs; [ cmake ninja ];
            buildInputs = with pkgs; [ (boost.override { enableStatic = true; }) cli11 fmt nlohmann_json openssl pegtl simdjson sqlite tbb xxHash yaml-cpp zstd ];
            cmakeFlags = [ "-DLOCKSTORM_TESTS=OFF" "-DLOCKSTORM_BENCH=OFF" "-DLOCKSTORM_COMMIT=${self.rev or ""}" ];
            meta = {
              license = pkgs.lib.licenses.asl20;
              mainProgram = "lockstorm";
            };
          };
        });
      apps = for_each (system: {
        default = {
          type = "app";
          program = "${self.packages.${system}.default}/bin/lockstorm";
        };
      });
    };
}
