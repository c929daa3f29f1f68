#include "reports/text/step_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "reports/format/layout.hpp"
#include "reports/story/step_queries.hpp"

namespace lockstorm::reports {
namespace {

using scenarios::Counterexample;
using Step = scenarios::CounterexampleStep;

constexpr std::size_t kMarksWidth = 3;
constexpr std::size_t kNumberWidth = 4;
constexpr std::size_t kGap = 2;
constexpr std::size_t kMostColumns = 6;  // more actors are named in front of what they do

class Table {
 public:
  Table(const Counterexample& counterexample, Rows rows, const Style& style)
      : counterexample_(counterexample), style_(style) {
    for (const Step& step : counterexample.steps) {
      if (rows == Rows::all || is_shown(step)) shown_.push_back(&step);
    }
    std::vector<std::string> actors = counterexample.actors;
    actors.emplace_back("time");
    for (const std::string& actor : actors) {
      if (std::ranges::any_of(shown_, [&](const Step* step) { return step->actor == actor; }))
        columns_.push_back(actor);
    }
    has_times_ = std::ranges::any_of(shown_, [](const Step* step) { return step->at != "0s"; });
    const std::size_t left = kMarksWidth + kNumberWidth + (has_times_ ? kGap + kNumberWidth : 0);
    if (columns_.size() > kMostColumns) {
      for (const std::string& actor : columns_) actor_width_ = std::max(actor_width_, text_width(actor));
      columns_ = {"what happens"};
    }
    const std::size_t count = std::max<std::size_t>(columns_.size(), 1);
    column_width_ = std::max<std::size_t>((style.width - left) / count - kGap, 8);
  }

  [[nodiscard]] std::string text() const {
    std::string out = header();
    for (const Step* step : shown_) out += row(*step);
    return out + legend();
  }

 private:
  [[nodiscard]] bool is_decisive(const Step& step) const {
    return step.number == counterexample_.decisive_step;
  }
  [[nodiscard]] bool is_last(const Step& step) const { return &step == &counterexample_.steps.back(); }
  [[nodiscard]] bool is_shown(const Step& step) const {
    const bool is_part = step.is_time || counterexample_.needs(step.actor_slot);
    return step.is_relevant || is_adverse(step) || is_decisive(step) || (is_last(step) && is_part);
  }

  [[nodiscard]] std::string header() const {
    std::string names(kMarksWidth, ' ');
    std::string rule(kMarksWidth, ' ');
    const auto add = [&](const std::string& name, std::size_t width) {
      names += pad(name, width) + std::string(kGap, ' ');
      rule += std::string(width, '-') + std::string(kGap, ' ');
    };
    add("step", kNumberWidth);
    if (has_times_) add("time", kNumberWidth);
    for (const std::string& actor : columns_)
      add(actor, column_width_ - (&actor == &columns_.front() ? 2 : 0));
    return style_(Ink::bold, trimmed(names)) + "\n" + commands() + trimmed(rule) + "\n";
  }

  // What each client runs, below its name.
  [[nodiscard]] std::string commands() const {
    std::vector<std::vector<std::string>> cells;
    std::size_t lines = 0;
    for (const std::string& column : columns_) {
      const auto actor = static_cast<std::size_t>(std::ranges::find(counterexample_.actors, column) -
                                                  counterexample_.actors.begin());
      const bool runs = actor < counterexample_.commands.size();
      cells.push_back(wrap(runs ? counterexample_.commands[actor] : "", column_width_ - 2));
      lines = std::max(lines, runs && !counterexample_.commands[actor].empty() ? cells.back().size() : 0);
    }
    std::string out;
    for (std::size_t line = 0; line < lines; ++line) {
      std::string text(kMarksWidth + kNumberWidth + kGap + (has_times_ ? kNumberWidth + kGap : 0), ' ');
      for (std::size_t i = 0; i < cells.size(); ++i) {
        const std::string cell = line < cells[i].size() ? cells[i][line] : "";
        text += pad(cell, column_width_ - (i == 0 ? 2 : 0)) + std::string(kGap, ' ');
      }
      out += trimmed(text) + "\n";
    }
    return out;
  }

  [[nodiscard]] std::string row(const Step& step) const {
    std::string marks = is_decisive(step) ? ">" : " ";
    marks += is_adverse(step) ? "!" : is_last(step) ? "x" : " ";
    const std::string text = (actor_width_ > 0 ? pad(step.actor, actor_width_ + kGap) : "") + step.text +
                             (step.note.empty() ? "" : fmt::format(" ({})", step.note));
    const auto found = static_cast<std::size_t>(std::ranges::find(columns_, step.actor) - columns_.begin());
    const std::size_t column = actor_width_ > 0 ? 0 : found;
    const std::string head = fmt::format("{} {:>{}}  {}", marks, step.number, kNumberWidth,
                                         has_times_ ? fmt::format("{:>{}}  ", step.at, kNumberWidth) : "");
    const std::size_t indent = column * (column_width_ + kGap) - (column > 0 ? 2 : 0);
    const Ink ink = is_decisive(step) || is_last(step) ? Ink::red
                    : is_adverse(step)                 ? Ink::yellow
                                                       : Ink::plain;
    std::string out;
    for (const std::string& line : wrap(text, column_width_ - (column == 0 ? 2 : 0))) {
      out += (out.empty() ? head : std::string(head.size(), ' ')) + std::string(indent, ' ') +
             style_(ink, line) + "\n";
    }
    return out;
  }

  [[nodiscard]] std::string legend() const {
    std::vector<std::string> marks;
    if (std::ranges::any_of(shown_, [](const Step* step) { return is_adverse(*step); }))
      marks.emplace_back("! an adverse event");
    if (counterexample_.decisive_step > 0 && counterexample_.decisive_step != scenarios::kFromTheStart)
      marks.emplace_back("> the decisive moment");
    if (!shown_.empty() && !is_adverse(*shown_.back())) marks.emplace_back("x the last step");
    std::string out;
    for (const std::string& mark : marks) out += (out.empty() ? "   " : ", ") + mark;
    if (shown_.size() < counterexample_.steps.size()) {
      out += fmt::format("{}{} of {} steps shown", out.empty() ? "   " : "; ", shown_.size(),
                         counterexample_.steps.size());
    }
    if (out.empty()) return out;
    return paragraph(std::string_view(out).substr(kMarksWidth), style_, kMarksWidth);
  }

  static std::string trimmed(std::string text) {
    text.erase(text.find_last_not_of(' ') + 1);
    return text;
  }

  const Counterexample& counterexample_;
  Style style_;
  std::vector<const Step*> shown_;
  std::vector<std::string> columns_;
  bool has_times_ = false;
  std::size_t column_width_ = 0;
  std::size_t actor_width_ = 0;  ///< not 0: one column for all
};

}  // namespace

std::string step_table(const Counterexample& counterexample, Rows rows, const Style& style) {
  return counterexample.steps.empty() ? std::string("   no steps\n")
                                      : Table(counterexample, rows, style).text();
}

}  // namespace lockstorm::reports
