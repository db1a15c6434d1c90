#include "notifications/html_place.h"

#include <cctype>

namespace aiguillage::notifications {
namespace {

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; }
char Lower(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }
}  // namespace

void HtmlPlace::Feed(std::string_view text) {
  for (char c : text) Step(c);
}

void HtmlPlace::Step(char c) {
  // The last characters, to know the ends of comments and scripts.
  recent_.push_back(Lower(c));
  if (recent_.size() > 16) recent_.erase(0, 1);
  switch (state_) {
    case State::kText:
      if (c == '<') state_ = State::kOpen;
      break;
    case State::kOpen:
    case State::kName:
      InText(c);
      break;
    case State::kComment:
      if (recent_.ends_with("-->")) state_ = State::kText;
      break;
    case State::kRaw:
      if (recent_.ends_with("</" + tag_ + ">")) state_ = State::kText;
      break;
    case State::kDouble:
      if (c == '"') state_ = State::kInTag;
      break;
    case State::kSingle:
      if (c == '\'') state_ = State::kInTag;
      break;
    default:
      InTag(c);
  }
}

// After `<`: the name of a tag, a comment, or a plain `<`.
void HtmlPlace::InText(char c) {
  if (state_ == State::kOpen) {
    tag_.clear();
    const bool named = std::isalpha(static_cast<unsigned char>(c)) || c == '/' || c == '!';
    state_ = named ? State::kName : State::kText;
    if (named) tag_.push_back(Lower(c));
    return;
  }
  if (c == '>') return CloseTag();
  if (IsSpace(c)) {
    state_ = State::kInTag;
    return;
  }
  tag_.push_back(Lower(c));
  if (tag_ == "!--") {
    recent_.clear();
    state_ = State::kComment;
  }
}

void HtmlPlace::InTag(char c) {
  if (c == '>') return CloseTag();
  switch (state_) {
    case State::kInTag:
      if (IsSpace(c) || c == '/') return;
      attribute_.assign(1, Lower(c));
      state_ = State::kAttribute;
      return;
    case State::kAttribute:
      if (c == '=') {
        state_ = State::kEquals;
      } else if (IsSpace(c)) {
        state_ = State::kInTag;
      } else {
        attribute_.push_back(Lower(c));
      }
      return;
    case State::kEquals:
      if (IsSpace(c)) return;
      state_ = c == '"' ? State::kDouble : c == '\'' ? State::kSingle : State::kUnquoted;
      return;
    default:  // kUnquoted
      if (IsSpace(c)) state_ = State::kInTag;
  }
}

void HtmlPlace::CloseTag() {
  state_ = tag_ == "script" || tag_ == "style" ? State::kRaw : State::kText;
}

std::string HtmlPlace::WhyNoValue() const {
  switch (state_) {
    case State::kText:
      return "";
    case State::kDouble:
    case State::kSingle:
      if (attribute_.rfind("on", 0) == 0 || attribute_ == "style" || attribute_ == "srcdoc") {
        return "l’attribut « " + attribute_ + " » ne peut pas contenir de valeur";
      }
      return "";
    case State::kRaw:
      return "aucune valeur dans <" + tag_ + ">";
    case State::kComment:
      return "aucune valeur dans un commentaire HTML";
    case State::kEquals:
    case State::kUnquoted:
      return "l’attribut « " + attribute_ + " » doit avoir des guillemets autour de sa valeur";
    default:
      return "aucune valeur à l’intérieur d’une balise, hors d’un attribut entre guillemets";
  }
}

}  // namespace aiguillage::notifications
