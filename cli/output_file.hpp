// Writes a result file whole or not at all.
#pragma once

#include <functional>
#include <initializer_list>
#include <optional>
#include <string>

#include "scenarios/input_error.hpp"

namespace lockstorm::cli {

/// Whether it exists and is a device or a pipe, such as /dev/null.
bool is_special(const std::string& file);

/// Why nothing can be written there, before long work is done for it; "-" and "" are always fine. Also
/// removes from that directory what a run that was killed while it wrote has left there.
std::optional<scenarios::InputError> check_output_file(const std::string& file);

/// The same for several files.
std::optional<scenarios::InputError> check_output_files(std::initializer_list<std::string> files);

/// Writes the text to `file` by way of a temporary file beside it, so that the old content or the new one is
/// there but never a part; a file that was there keeps its mode and, where that is possible, its owner, and a
/// symbolic link stays one. "-" is standard output, "" nothing.
std::optional<scenarios::InputError> write_output_file(const std::string& file, const std::string& text);
/// The same; the text is only made if it goes anywhere. Memory that runs out while it is made is an error of
/// that file.
std::optional<scenarios::InputError> write_output_file(const std::string& file,
                                                       const std::function<std::string()>& make_text);

}  // namespace lockstorm::cli
