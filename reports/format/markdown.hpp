// Text for Markdown, as GitHub and GitLab show it in summaries and merge requests.
#pragma once

#include <string>
#include <string_view>

namespace lockstorm::reports {

/// Words on one line, in a table's cell or a paragraph: nothing in them is markup, HTML, a link or a mention.
std::string markdown_text(std::string_view text);

/// The same as code.
std::string markdown_code(std::string_view text);

/// Prose of ours, in which what stands between backticks is code. It may quote anything.
std::string markdown_prose(std::string_view text);

/// Lines as a block of code, which nothing in them can end; with a newline after it.
std::string markdown_block(std::string_view text);

}  // namespace lockstorm::reports
