// The text of templates before the library sees it: tags, what is refused, inclusions expanded.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "notifications/template.h"

namespace aiguillage::notifications {

struct Tag {
  enum class Kind { kText, kVariable, kSection, kInverted, kEnd, kPartial, kComment, kRefused };
  Kind kind = Kind::kText;
  std::string name;                // of kRefused: why, in words
  std::size_t begin = 0, end = 0;  // in the text, delimiters included
};
// The tags of a text, in order; stops at the first that is never closed (a kRefused).
std::vector<Tag> ScanTags(std::string_view text);

// What one file gets wrong on its own: tags, balance, values where HTML cannot hold them.
std::vector<TemplateProblem> CheckSource(const std::string& name, const std::string& text);

// One template with everything it includes; problems are added to `problems`.
std::string Assemble(const std::map<std::string, std::string>& texts, const std::string& name,
                     const TemplateOptions& options, std::vector<TemplateProblem>& problems);

// Names used, as a tree of sections.
struct NameNode {
  std::string name;
  bool section = false, inverted = false;
  std::vector<NameNode> children;
};
std::vector<NameNode> NameTree(std::string_view assembled);

int LineAt(std::string_view text, std::size_t position);

}  // namespace aiguillage::notifications
