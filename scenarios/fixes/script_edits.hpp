// Edits of what steps do: one that removes a lock is taken out, and a script hands one interrupt on to the
// tool and waits for it.
#pragma once

#include <string>
#include <vector>

#include "scenarios/fixes/text_lines.hpp"
#include "scenarios/pipeline/hazards.hpp"

namespace lockstorm::scenarios {

/// Takes out the command that removes a lock, and the step with it if that does nothing else. False: it
/// stands where no line can be taken out.
bool remove_unlock(TextLines& lines, pipeline::System system, const SourceLocation& where);

/// Has the command run in the background, one interrupt handed on to it, and lets a step behind it wait for
/// the tool (docs/pipelines.md). False: the command does not stand by itself.
bool hand_one_interrupt_on(TextLines& lines, const SourceLocation& where);

/// `terraform_wrapper: false`, or `tofu_wrapper: false`, in the steps from `first` line to `last` that set
/// the tool up.
bool switch_wrapper_off(TextLines& lines, std::size_t first, std::size_t last);

}  // namespace lockstorm::scenarios
