// Where in an HTML text we are, so that a template cannot put a value where escaping does not hold:
// unquoted attributes, event handlers, styles, scripts, comments, the inside of a tag.
#pragma once

#include <string>
#include <string_view>

namespace aiguillage::notifications {

class HtmlPlace {
 public:
  void Feed(std::string_view text);
  // "" when an escaped value may stand here, else why not (French).
  std::string WhyNoValue() const;
  bool InText() const { return state_ == State::kText; }

 private:
  enum class State {
    kText,
    kOpen,
    kName,
    kInTag,
    kAttribute,
    kEquals,
    kDouble,
    kSingle,
    kUnquoted,
    kComment,
    kRaw
  };
  void Step(char c);
  void InText(char c);
  void InTag(char c);
  void CloseTag();

  State state_ = State::kText;
  std::string tag_, attribute_, recent_;
};

}  // namespace aiguillage::notifications
