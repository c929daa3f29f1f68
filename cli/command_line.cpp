#include "cli/command_line.hpp"

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>

namespace lockstorm::cli {

Declared& Declared::required() {
  option_->required();
  return *this;
}

Declared& Declared::type_name(const std::string& name) {
  option_->type_name(name);
  return *this;
}

Declared& Declared::check(const Check& complains) {
  option_->check(complains);
  return *this;
}

Declared& Declared::one_of(const std::vector<std::string>& values) {
  option_->check(CLI::IsMember(values).description(""));
  return *this;
}

Declared& Declared::repeatable() {
  option_->take_all()->allow_extra_args(false);
  return *this;
}

Declared& Declared::excludes(const Declared& other) {
  option_->excludes(other.option_);
  return *this;
}

template <class T>
Declared CommandLine::add_option(const std::string& name, T& value, const std::string& text) {
  return Declared(*command_->add_option(name, value, text));
}

Declared CommandLine::add_flag(const std::string& name, bool& value, const std::string& text) {
  return Declared(*command_->add_flag(name, value, text));
}

void CommandLine::add_flag_with_value(const std::string& name, std::string& value, const std::string& text) {
  command_->add_flag(name, value, text);
}

const CLI::App& CommandLine::application() const { return *command_->get_parent(); }

template Declared CommandLine::add_option(const std::string&, std::string&, const std::string&);
template Declared CommandLine::add_option(const std::string&, std::vector<std::string>&, const std::string&);
template Declared CommandLine::add_option(const std::string&, std::uint16_t&, const std::string&);
template Declared CommandLine::add_option(const std::string&, std::optional<std::string>&,
                                          const std::string&);
template Declared CommandLine::add_option(const std::string&, std::optional<std::uint16_t>&,
                                          const std::string&);
template Declared CommandLine::add_option(const std::string&, unsigned&, const std::string&);
template Declared CommandLine::add_option(const std::string&, std::uint64_t&, const std::string&);
template Declared CommandLine::add_option(const std::string&, double&, const std::string&);

}  // namespace lockstorm::cli
