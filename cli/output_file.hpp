// Writes a result file whole or not at all.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/data/input_error.hpp"

namespace lockstorm::cli {

/// Why one of them cannot be written, before long work is done for it; "-" and "" are always fine. Also
/// removes from their directories what a run that was killed while it wrote has left there.
std::optional<scenarios::InputError> check_output_files(const std::vector<std::string>& files);

/// Writes the text to `file` by way of a temporary file beside it, so that the old content or the new one is
/// there but never a part; a file that was there keeps its mode and, where that is possible, its owner, and a
/// symbolic link stays one. What is mounted there is written in place, and so is what the name of an open
/// descriptor stands for (/dev/stdout, /dev/fd/3), behind what it has. "-" is standard output, "" nothing.
std::optional<scenarios::InputError> write_output_file(const std::string& file, const std::string& text);
/// The same; the text is only made if it goes anywhere. Memory that runs out while it is made is an error of
/// that file.
std::optional<scenarios::InputError> write_output_file(const std::string& file,
                                                       const std::function<std::string()>& make_text);

}  // namespace lockstorm::cli
